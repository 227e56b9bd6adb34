{#-
    Since when the history of an opportunity says the value of an attribute: its first tracked change or its first
    snapshot, whichever came first; where nothing was recorded, the beginning of tracking (no change, so the value
    stayed), else the current row.
    Arguments: the attribute, and the instant of the first snapshot that holds it (NULL where none does).
-#}
{% macro attribute_said_from(attribute, snapshot_at) -%}
    case
        when first_changes.{{ attribute }}_changed_at is not null
            and ({{ snapshot_at }} is null or first_changes.{{ attribute }}_changed_at <= {{ snapshot_at }})
            then first_changes.{{ attribute }}_changed_at
        when {{ snapshot_at }} is not null then {{ snapshot_at }}
        when ends.{{ attribute }}_tracked_from < ends.closed_at
            then {{ plumbline.later_of('ends.' ~ attribute ~ '_tracked_from', 'ends.started_at') }}
        else ends.closed_at
    end
{%- endmacro %}

{#- Since when the value is known without a gap: as above, and before the first tracked change its old value, back to where tracking began. -#}
{% macro attribute_known_from(attribute, snapshot_at) -%}
    case
        when ends.{{ attribute }}_tracked_from < ends.closed_at
            and (
                {{ snapshot_at }} is null
                or first_changes.{{ attribute }}_changed_at <= {{ snapshot_at }}
            )
            then {{ plumbline.later_of('ends.' ~ attribute ~ '_tracked_from', 'ends.started_at') }}
        when {{ snapshot_at }} is not null then {{ snapshot_at }}
        else {{ plumbline.attribute_said_from(attribute, snapshot_at) }}
    end
{%- endmacro %}
