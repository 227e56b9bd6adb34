"""Gong as its API tells it: six streams, with the parts of a call as lists inside the call.

A tracker is named on every call, with the number of its hits, so the trackers that exist are known although the API's
list of trackers is not among the streams. Every seventh record has an older version, whose lists hold one item more.
"""

from __future__ import annotations

import duckdb

from plumbline.sample.loaders.tables import OLDER_BELOW

STREAMS: dict[str, str] = {
    "users": "id emailAddress firstName lastName managerId title active created",
    "calls": "id title started primaryUserId system media workspaceId url",
    "extensiveCalls": "metaData parties context content interaction",
    "callTranscripts": "callId transcript",
    "scorecards": "scorecardId scorecardName workspaceId updaterUserId enabled created updated questions",
    "answeredScorecards": """answeredScorecardId callId scorecardId reviewedUserId reviewerUserId callStartTime
        reviewTime visibilityType answers""",
}
"""Each stream with its columns. `prepare` makes a temporary table `gong_<stream>`, with `loaded_at` and `landing`."""


def _once(table: str, key: str) -> str:
    """The newest landed version of each item; items without a key stay."""
    return f"""(
        select * from fivetran.gong.{table}
        qualify row_number() over (partition by {key} order by _fivetran_synced desc, rowid) = 1
    )"""


# A number stays a number, and text that is none stays text.
_NUMBER = "coalesce(to_json(try_cast({0} as double)), to_json({0}))"

_CALLS_THERE = """
    create temp table gong_there as
    select * from fivetran.gong.call where not coalesce(_fivetran_deleted, false)
    qualify row_number() over (partition by id order by _fivetran_synced desc, rowid) = 1
"""

_CRM_OBJECTS = """
    select call_id {also}, systems, list(json_object(
        'objectType', object_type, 'objectId', object_id, 'timing', timing, 'fields', fields
    ) order by object_type, object_id) as objects
    from (
        select call_id {also}, systems, object_type, object_id, any_value(timing) as timing,
            list(json_object('name', name, 'value', value) order by name, cast(value as varchar)) as fields
        from fivetran.gong.{table}
        group by call_id {also}, systems, object_type, object_id
    )
    group by call_id {also}, systems
"""

_PARTIES = f"""
    create temp table gong_parties as
    with contexts as (
        select call_id, call_participant_id,
            list(json_object('system', systems, 'objects', objects) order by systems) as context
        from ({_CRM_OBJECTS.format(table="call_participant_integration", also=", call_participant_id")})
        group by call_id, call_participant_id
    )
    select parties.call_id, list(json_object(
        'id', parties.id, 'emailAddress', email_address, 'name', name, 'title', title, 'userId', user_id,
        'speakerId', speaker_id, 'affiliation', affiliation, 'phoneNumber', phone_number, 'methods', methods,
        'context', coalesce(context, [])
    ) order by parties.id) as parties
    from {_once("call_participant", "call_id, id")} as parties
    left join contexts on parties.call_id = contexts.call_id and parties.id = contexts.call_participant_id
    group by parties.call_id
"""

_CONTEXT = f"""
    create temp table gong_context as
    select call_id, list(json_object('system', systems, 'objects', objects) order by systems) as context
    from ({_CRM_OBJECTS.format(table="call_context_integration", also="")}) group by call_id
"""

_SPEAKERS = f"""
    create temp table gong_speakers as
    select call_id, list(
        json_object('id', id, 'userId', user_id, 'talkTime', {_NUMBER.format("talk_time")}) order by id, talk_time
    ) as speakers
    from {_once("call_speaker", "call_id, case when trim(id) = '' then cast(rowid as varchar) else id end")}
    group by call_id
"""

_STATS = f"""
    create temp table gong_stats as
    select call_id, list(json_object('name', name, 'value', {_NUMBER.format("value")}) order by name) as stats
    from {_once("call_interaction", "call_id, name")} group by call_id
"""

_TRACKERS = f"""
    create temp table gong_trackers as
    with hits as (
        select call_id, id, name, type, count(*) as hit_count, list(
            json_object('startTime', {_NUMBER.format("start_time")}, 'speakerId', speaker_id)
            order by try_cast(start_time as double), _fivetran_id
        ) as occurrences
        from {_once("call_tracker", "_fivetran_id")} group by call_id, id, name, type
    ), named as (
        select call_id, id, name, type, hit_count, occurrences from hits
        union all
        select calls.id, trackers.tracker_id, trackers.tracker_name, 'KEYWORD', 0, []
        from gong_there as calls
        cross join {_once("tracker", "tracker_id")} as trackers
        where not exists (select 1 from hits where hits.call_id = calls.id and hits.id = trackers.tracker_id)
    )
    select call_id, list(json_object(
        'id', id, 'name', name, 'type', type, 'count', hit_count, 'occurrences', occurrences
    ) order by id, name) as trackers
    from named group by call_id
"""

_TOPICS = f"""
    create temp table gong_topics as
    select call_id, list(json_object('name', name, 'duration', {_NUMBER.format("duration")}) order by name) as topics
    from {_once("call_topic", "_fivetran_id")} group by call_id
"""

_METADATA = """
    json_object(
        'id', calls.id, 'url', url, 'title', title, 'scheduled', scheduled, 'started', started, 'duration', duration,
        'primaryUserId', primary_user_id, 'direction', direction, 'system', systems, 'scope', scope, 'media', media,
        'language', languages, 'workspaceId', workspace_id, 'sdrDisposition', sdr_disposition,
        'clientUniqueId', client_unique_id, 'customData', custom_data, 'purpose', purpose, 'isPrivate', is_private,
        'meetingUrl', meeting_url, 'calendarEventId', calendar_event_id
    )
"""

_CALLS = f"""
    create temp table gong_extensivecalls as
    with whole as (
        select
            calls.id, calls._fivetran_synced as loaded_at, {_METADATA} as "metaData", coalesce(parties, []) as parties,
            to_json(coalesce(context, [])) as context,
            json_object(
                'trackers', coalesce(trackers, []), 'topics', coalesce(topics, []), 'pointsOfInterest', json_object()
            ) as content,
            json_object(
                'speakers', coalesce(speakers, []), 'interactionStats', coalesce(stats, []),
                'questions', json_object(
                    'companyCount', {_NUMBER.format("company_question_count")},
                    'nonCompanyCount', {_NUMBER.format("non_company_question_count")}
                )
            ) as interaction
        from gong_there as calls
        left join gong_parties as parties on calls.id = parties.call_id
        left join gong_context as contexts on calls.id = contexts.call_id
        left join gong_speakers as speakers on calls.id = speakers.call_id
        left join gong_stats as stats on calls.id = stats.call_id
        left join gong_trackers as trackers on calls.id = trackers.call_id
        left join gong_topics as topics on calls.id = topics.call_id
    )
    select * exclude (id) replace (to_json(parties) as parties), id || ' 1' as landing from whole
    union all
    select
        * exclude (id) replace (
            loaded_at - interval 1 day as loaded_at,
            json_merge_patch("metaData", '{{"title": "before"}}') as "metaData",
            to_json(list_append(parties, json_object('id', 'gone-' || id, 'name', 'Left the call'))) as parties
        ),
        id || ' 0'
    from whole where md5(id) < '{OLDER_BELOW}'
"""

# A monologue is what one speaker says in a row about one topic.
_TRANSCRIPTS = f"""
    create temp table gong_calltranscripts as
    with sentences as (
        select transcript.*, cast(index as integer) as place
        from {_once("transcript", "call_id, index")} as transcript
        inner join gong_there on transcript.call_id = gong_there.id
    ), starts as (
        select *, coalesce(lag(speaker_id) over calls, '') is distinct from coalesce(speaker_id, '')
            or coalesce(lag(topic) over calls, '') is distinct from coalesce(topic, '') as starts_one
        from sentences window calls as (partition by call_id order by place)
    ), numbered as (
        select *, sum(cast(starts_one as integer)) over (partition by call_id order by place) as monologue from starts
    ), monologues as (
        select call_id, monologue, max(_fivetran_synced) as loaded_at, json_object(
            'speakerId', any_value(speaker_id), 'topic', any_value(topic), 'sentences', list(sentence order by place)
        ) as said
        from numbered group by call_id, monologue
    ), whole as (
        select call_id as "callId", max(loaded_at) as loaded_at, list(said order by monologue) as transcript
        from monologues group by call_id
    )
    select * replace (to_json(transcript) as transcript), "callId" || ' 1' as landing from whole
    union all
    select * replace (loaded_at - interval 1 day as loaded_at, to_json(transcript[:1]) as transcript), "callId" || ' 0'
    from whole where md5("callId") < '{OLDER_BELOW}'
"""

_FLAT_CALLS = """
    create temp table gong_calls as
    select id, title, started, primary_user_id as "primaryUserId", systems as system, media,
        workspace_id as "workspaceId", url, _fivetran_synced as loaded_at, id as landing
    from gong_there
"""

_USERS = f"""
    create temp table gong_users as
    select id, email_address as "emailAddress", first_name as "firstName", last_name as "lastName",
        manager_id as "managerId", title, active, created, _fivetran_synced as loaded_at, id as landing
    from {_once("users", "id")} where not coalesce(_fivetran_deleted, false)
"""

_SCORECARDS = f"""
    create temp table gong_scorecards as
    with asked as (
        select scorecard_id, list(json_object(
            'questionId', question_id, 'questionRevisionId', question_revision_id, 'questionText', question_text,
            'isOverall', is_overall, 'created', created, 'updated', updated, 'updaterUserId', updater_user_id
        ) order by question_id) as questions
        from {_once("scorecard_question", "question_id")}
        where not coalesce(_fivetran_deleted, false) group by scorecard_id
    )
    select id as "scorecardId", name as "scorecardName", workspace_id as "workspaceId",
        updater_user_id as "updaterUserId", enabled, timezone('UTC', created) as created,
        timezone('UTC', updated) as updated, to_json(coalesce(questions, [])) as questions,
        _fivetran_synced as loaded_at, id as landing
    from {_once("scorecard", "id")} as scorecards
    left join asked on scorecards.id = asked.scorecard_id
    where not coalesce(_fivetran_deleted, false)
"""

_ANSWERED = f"""
    create temp table gong_answeredscorecards as
    with answered as (
        select answered_scorecard_id, list(json_object(
            'questionId', question_id, 'questionRevisionId', question_revision_id, 'answerText', answer_text,
            'isOverall', is_overall, 'notApplicable', try_cast(not_applicable as boolean),
            'score', {_NUMBER.format("score")}
        ) order by question_id) as answers
        from {_once("answered_scorecard_answer", "answered_scorecard_id, question_id")} group by answered_scorecard_id
    )
    select id as "answeredScorecardId", call_id as "callId", scorecard_id as "scorecardId",
        reviewed_user_id as "reviewedUserId", reviewer_user_id as "reviewerUserId",
        call_start_time as "callStartTime", review_time as "reviewTime", visibility_type as "visibilityType",
        to_json(coalesce(answers, [])) as answers, _fivetran_synced as loaded_at, id as landing
    from {_once("answered_scorecard", "id")} as scorecards
    left join answered on scorecards.id = answered.answered_scorecard_id
"""

_STATEMENTS = (
    *(_CALLS_THERE, _PARTIES, _CONTEXT, _SPEAKERS, _STATS, _TRACKERS, _TOPICS, _CALLS, _TRANSCRIPTS),
    *(_FLAT_CALLS, _USERS, _SCORECARDS, _ANSWERED),
)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables that hold the streams."""
    for statement in _STATEMENTS:
        connection.execute(statement)
