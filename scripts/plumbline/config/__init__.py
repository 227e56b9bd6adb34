"""What is made from the settings, for dbt and for people, and where each value comes from."""
