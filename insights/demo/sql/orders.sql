-- What customers are charged for: a renewal each month, and what they buy in the shop.
WITH renewals AS (
    SELECT
        customer_id * 64 + month AS n,
        greatest(started_on, month_start(month) + least(day(started_on), 28)::INTEGER - 1) AS ordered_on,
        customer_id,
        region_id,
        device_id,
        plan_id,
        'Subscription' AS category,
        1 AS quantity,
        CASE WHEN plan_id = getvariable('dear_plan')
            AND greatest(started_on, month_start(month) + least(day(started_on), 28)::INTEGER - 1) < getvariable('dear_from')
        THEN getvariable('dear_before') ELSE plans.monthly_usd END
        -- The winter offer: half price for three months.
        * CASE WHEN start_month = month_of(DATE '2024-12-01') AND month - start_month < 3 THEN 0.5 ELSE 1 END AS price,
        0.42 AS cost_share,
        ended_on
    FROM active JOIN plans USING (plan_id)
    WHERE month_of(ordered_on + delay(n, 91)) BETWEEN getvariable('from_month') AND getvariable('to_month') AND ordered_on <= coalesce(ended_on, ordered_on)
),
visits AS (
    SELECT n, day, 1 + floor(chance(n, 101) * days.customers)::BIGINT AS customer_id
    FROM (
        SELECT day, unnest(range("first", "end")) AS n
        FROM slots WHERE fact = 'shop' AND month BETWEEN getvariable('from_month') - 1 AND getvariable('to_month')
    ) AS slots JOIN days USING (day)
    WHERE month_of(day + delay(n, 91)) BETWEEN getvariable('from_month') AND getvariable('to_month')
),
bought AS (
    SELECT
        n,
        day AS ordered_on,
        customer_id,
        region_id,
        CASE WHEN chance(n, 102) < 0.75 THEN device_id ELSE 1 + floor(chance(n, 103) * 14)::INTEGER END AS device_id,
        6 AS plan_id,
        pick(n, 104, [
            'Rental', 'Rental', 'Rental', 'Rental', 'Rental', 'Rental', 'Rental', 'Rental', 'Books', 'Books', 'Books', 'Books', 'Magazines', 'Magazines',
            'Magazines', 'Merchandise', 'Merchandise', 'Merchandise', 'Events', 'Events'
        ]) AS category,
        pick(n, 105, [1, 1, 1, 1, 1, 1, 1, 2, 2, 3]) AS quantity
    FROM visits JOIN customers USING (customer_id)
),
shop AS (
    SELECT
        n, ordered_on, customer_id, region_id, device_id, plan_id, category, quantity,
        CASE category
            WHEN 'Rental' THEN pick(n, 106, [2.99, 3.99, 3.99, 4.99, 4.99, 5.99])
            WHEN 'Books' THEN pick(n, 106, [9.99, 12.99, 14.99, 18.99, 24.99])
            WHEN 'Magazines' THEN pick(n, 106, [5.99, 7.99, 8.99])
            WHEN 'Merchandise' THEN pick(n, 106, [14.99, 19.99, 29.99, 39.99])
            ELSE pick(n, 106, [25.0, 35.0, 49.0, 65.0])
        END AS price,
        CASE category WHEN 'Rental' THEN 0.55 WHEN 'Books' THEN 0.48 WHEN 'Magazines' THEN 0.6 WHEN 'Merchandise' THEN 0.52 ELSE 0.78 END AS cost_share
    FROM bought
),
-- Row numbers of renewals are even and those of the shop odd, so that no two orders share a number.
charged AS (
    SELECT n * 2 AS k, ordered_on, delay(n, 91) AS late, customer_id, region_id, device_id, plan_id, category, quantity, price, cost_share FROM renewals
    UNION ALL
    SELECT n * 2 + 1, ordered_on, delay(n, 91), customer_id, region_id, device_id, plan_id, category, quantity, price, cost_share FROM shop
),
placed AS (
    SELECT
        charged.*,
        CASE WHEN chance(k, 111) < 0.002 THEN 'test'
        WHEN chance(k, 111) < 0.02 THEN 'cancelled'
        WHEN chance(k, 111) < 0.048 THEN 'refunded'
        ELSE 'completed' END AS status,
        coalesce(regions.currency, 'USD') AS currency
    FROM charged LEFT JOIN regions USING (region_id) LEFT JOIN devices USING (device_id)
    WHERE NOT (
        coalesce(regions.region = getvariable('fall_region') AND devices.device = getvariable('fall_device'), false)
        AND ordered_on >= getvariable('fall_from') AND chance(k, 112) < getvariable('fall_lost')
    )
),
priced AS (
    SELECT
        placed.*,
        CASE WHEN status = 'cancelled' THEN 0 ELSE round(price * quantity / usual.rate, CASE currency WHEN 'JPY' THEN 0 ELSE 2 END) END AS amount,
        dated.rate
    FROM placed
    JOIN usual_rates AS usual USING (currency)
    JOIN rates AS dated USING (currency)
    WHERE dated.month = month_of(ordered_on)
)
SELECT
    1000000000 + k AS order_id,
    ordered_on,
    -- Guests have no account; accounts that were deleted are gone from the list of customers.
    CASE WHEN chance(k, 113) < 0.006 AND category <> 'Subscription' THEN NULL
    WHEN chance(k, 114) < 0.004 THEN 900000000 + customer_id
    ELSE customer_id END AS customer_id,
    plan_id,
    CASE WHEN chance(k, 115) < 0.005 THEN NULL ELSE device_id END AS device_id,
    -- The category was renamed at the start of 2025, for new rows only.
    CASE WHEN category = 'Magazines' AND ordered_on < DATE '2025-01-01' THEN 'Periodicals' ELSE category END AS category,
    status,
    quantity,
    currency,
    amount::DECIMAL(12, 2) AS amount,
    (amount * rate)::DECIMAL(12, 2) AS amount_usd,
    (CASE WHEN status = 'refunded' THEN amount * rate ELSE 0 END)::DECIMAL(12, 2) AS refunded_usd,
    (amount * rate * cost_share * (0.94 + 0.12 * chance(k, 116)))::DECIMAL(12, 2) AS cost_usd,
    ordered_on + late AS loaded_on
FROM priced
