-- One row for each time somebody watched or listened.
WITH arrived AS (
    SELECT n, day, slots.month, delay(n, 71) AS late
    FROM (
        SELECT day, month, unnest(range("first", "end")) AS n
        FROM slots WHERE fact = 'sessions' AND month BETWEEN getvariable('from_month') - 1 AND getvariable('to_month')
    ) AS slots
    WHERE month_of(day + delay(n, 71)) BETWEEN getvariable('from_month') AND getvariable('to_month')
),
watched AS (
    SELECT
        n,
        customer_id,
        active.device_id AS main_device,
        -- Nobody watches before they joined or after they left.
        least(greatest(day, started_on), coalesce(ended_on, greatest(day, started_on))) AS watched_on,
        day,
        late,
        pick(n, 72, [
            0, 1, 6, 7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 17, 18, 18, 18, 19, 19, 19, 19, 20, 20, 20, 20, 20, 21, 21, 21, 21, 22, 22, 23
        ]) AS hour
    FROM arrived
    JOIN sizes USING (month)
    JOIN active ON active.month = arrived.month AND active.place = floor(chance(n, 73) * sizes.places)::BIGINT
),
chosen AS (
    SELECT
        watched.*,
        -- New titles draw most; some old ones are watched for ever.
        1 + CASE WHEN chance(n, 74) < 0.65 THEN titles - 1 - floor(titles * chance(n, 75) * chance(n, 75))::INTEGER
        ELSE floor(60 * chance(n, 76) * chance(n, 76))::INTEGER END AS title_id
    FROM watched JOIN days ON days.day = watched_on
    -- A late row that would have to move to another day might change the month it arrives in: there are few, they are left out.
    WHERE (late = 0 OR watched_on = watched.day) AND NOT (watched_on = getvariable('outage_day') AND hour >= getvariable('outage_hour') AND chance(n, 77) < getvariable('outage_lost'))
)
SELECT
    n + 1 AS session_id,
    clock(watched_on, hour, n, 78) AS started_at,
    customer_id,
    -- Withdrawn titles are gone from the list of titles; some players do not say what they are.
    CASE WHEN chance(n, 79) < 0.005 THEN 9000 + title_id ELSE title_id END AS title_id,
    CASE WHEN chance(n, 80) < 0.008 THEN NULL
    WHEN chance(n, 81) < 0.7 THEN main_device
    ELSE 1 + floor(chance(n, 82) * 14)::INTEGER END AS device_id,
    round(titles.minutes * CASE WHEN chance(n, 83) < 0.58 THEN 0.92 + 0.08 * chance(n, 84) ELSE 0.9 * chance(n, 84) END, 1) AS minutes,
    chance(n, 83) < 0.58 AS completed,
    watched_on + late AS loaded_on
FROM chosen JOIN titles USING (title_id)
