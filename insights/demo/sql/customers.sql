-- Everybody who ever joined, in the order of joining; those of before the first day came over from the old system.
CREATE TABLE customers AS
WITH joined AS (
    SELECT
        n + 1 AS customer_id,
        -- The nearer the first day the more of them are still there.
        getvariable('first_day') - 1 - floor(730 * (1 - n / getvariable('founders')) * (0.7 + 0.3 * (1 - n / getvariable('founders'))))::INTEGER AS joined_on
    FROM range(getvariable('founders')) AS founders(n)
    UNION ALL
    SELECT getvariable('founders') + n + 1, day
    FROM (SELECT day, unnest(range("first", "end")) AS n FROM slots WHERE fact = 'joined')
),
placed AS (
    SELECT
        customer_id,
        joined_on,
        -- Every 250th never said where they live.
        CASE WHEN chance(customer_id, 51) >= 0.004 THEN pick(customer_id, 52, [
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4,
            4, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 9, 9, 9, 10, 10, 11, 12
        ]) END AS region_id
    FROM joined
)
SELECT
    customer_id,
    joined_on,
    region_id,
    pick(customer_id, 53, ['18-24', '18-24', '25-34', '25-34', '25-34', '35-49', '35-49', '35-49', '50-64', '65+']) AS age_group,
    pick(customer_id, 54, ['Personal', 'Personal', 'Personal', 'Personal', 'Personal', 'Household', 'Household', 'Household', 'Business']) AS account_type,
    -- People in DACH sit in front of the television more than others.
    CASE WHEN region_id = 4 AND chance(customer_id, 55) < 0.25 THEN pick(customer_id, 56, [1, 2, 3])
    ELSE pick(customer_id, 57, [1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 7, 8, 8, 9, 10, 10, 11, 12, 13, 14]) END AS device_id
FROM placed
ORDER BY customer_id;

-- Most of them subscribed, once; a month in which they may leave is drawn for each, the first that comes true ends it.
CREATE TABLE subscriptions AS
WITH begun AS (
    SELECT
        customer_id,
        region_id,
        device_id,
        joined_on AS started_on,
        month_of(joined_on) AS start_month,
        CASE WHEN age_group = '18-24' THEN pick(customer_id, 61, [1, 1, 2, 2, 3, 5, 5, 5])
        ELSE pick(customer_id, 62, [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4]) END AS plan_id,
        -- Three in ten came by themselves; the campaign is that of the half-year, whoever was there before has none.
        CASE WHEN chance(customer_id, 63) < 0.7 AND joined_on >= getvariable('first_day') THEN
            pick(customer_id, 64, [0, 0, 0, 1, 1, 2, 3, 4, 4]) * 6 + 1 + month_of(joined_on) // 6
        END AS campaign_id
    FROM customers
    WHERE chance(customer_id, 65) < 0.88
),
left_in AS (
    SELECT customer_id, min(month) AS month
    FROM begun CROSS JOIN range(getvariable('months')) AS months(month)
    LEFT JOIN cohorts USING (start_month)
    WHERE month > start_month
        AND chance(customer_id * 64 + month, 66) < CASE
            WHEN cohorts.leave IS NOT NULL THEN cohorts.leave
            WHEN month - start_month <= 3 THEN getvariable('leave_early')
            ELSE getvariable('leave_later')
        END * CASE
            WHEN plan_id = getvariable('dear_plan') AND month - month_of(getvariable('dear_from')) BETWEEN 0 AND getvariable('dear_months') - 1
            THEN getvariable('dear_churn') ELSE 1
        END
    GROUP BY customer_id
)
SELECT
    begun.*,
    month_start(left_in.month) + floor(chance(customer_id, 67) * 28)::INTEGER AS ended_on,
    CASE WHEN left_in.month IS NOT NULL THEN pick(customer_id, 68, [
        'Too expensive', 'Too expensive', 'Nothing to watch', 'Nothing to watch', 'Moved to another service', 'Card declined', 'Not said'
    ]) END AS end_reason
FROM begun LEFT JOIN left_in USING (customer_id)
ORDER BY customer_id;
