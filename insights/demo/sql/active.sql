-- Who has a subscription in each month of the batch and in the month before it, numbered within the month.
CREATE OR REPLACE TABLE active AS
SELECT
    month,
    row_number() OVER (PARTITION BY month ORDER BY customer_id) - 1 AS place,
    customer_id,
    region_id,
    device_id,
    plan_id,
    started_on,
    start_month,
    ended_on
FROM subscriptions, range(greatest(getvariable('from_month') - 1, 0), getvariable('to_month') + 1) AS months(month)
WHERE start_month <= month AND (ended_on IS NULL OR ended_on >= month_start(month));

CREATE OR REPLACE TABLE sizes AS SELECT month, count(*) AS places FROM active GROUP BY month;
