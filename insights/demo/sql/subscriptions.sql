-- A subscription stands in the month it started; those of the old system came in the first.
SELECT
    700000000 + customer_id AS subscription_id,
    customer_id,
    plan_id,
    campaign_id,
    started_on,
    ended_on,
    end_reason,
    greatest(started_on, getvariable('first_day')) AS loaded_on
FROM subscriptions
WHERE greatest(start_month, 0) BETWEEN getvariable('from_month') AND getvariable('to_month')
