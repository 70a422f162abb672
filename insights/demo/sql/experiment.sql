-- Who was shown which variant of a test, once each, and what came of it.
WITH shown AS (
    SELECT
        customer_id,
        getvariable('test_first') + floor(chance(customer_id, getvariable('test') + 1) * (getvariable('test_last') - getvariable('test_first') + 1))::INTEGER AS exposed_on,
        CASE WHEN chance(customer_id, getvariable('test') + 2) < 0.5 THEN 'A' ELSE 'B' END AS variant,
        row_number() OVER (PARTITION BY variant ORDER BY customer_id) AS turn,
        chance(customer_id, getvariable('test') + 3) + chance(customer_id, getvariable('test') + 4) + chance(customer_id, getvariable('test') + 5) AS habit
    FROM customers
    WHERE joined_on < getvariable('test_first') AND chance(customer_id, getvariable('test')) < 0.7
)
SELECT
    1000000000 + customer_id AS exposure_id,
    exposed_on,
    customer_id,
    variant,
    -- Turns of the golden ratio with a little chance keep the rates at what was planted, for any seed and size.
    (turn * 0.6180339887498949 + 0.2 * chance(customer_id, getvariable('test') + 6)) % 1
        < CASE variant WHEN 'A' THEN getvariable('test_a') ELSE getvariable('test_b') END AS converted,
    round(200 * habit, 1) AS minutes_before,
    round(200 * (0.8 * habit + 0.6 * chance(customer_id, getvariable('test') + 7)), 1) AS minutes_after,
    exposed_on AS loaded_on
FROM shown
WHERE month_of(exposed_on) BETWEEN getvariable('from_month') AND getvariable('to_month')
