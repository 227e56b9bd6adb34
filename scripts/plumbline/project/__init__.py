"""What every part of Plumbline stands on: where things are, the settings, the errors and how dbt is run."""
