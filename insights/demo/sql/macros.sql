-- Words that every other file uses. `month` counts from 0 at the first month of the data.
CREATE MACRO month_of(d) AS (year(d) * 12 + month(d)) - (year(getvariable('first_day')) * 12 + month(getvariable('first_day')));
CREATE MACRO month_start(m) AS (getvariable('first_day') + to_months(m::INTEGER))::DATE;
-- One row in 170 arrives up to 25 days late, and then stands in the folder of the month it arrived in.
CREATE MACRO delay(r, c) AS CASE WHEN chance(r, c) < 0.006 THEN 1 + floor(chance(r, c + 500) * 25)::INTEGER ELSE 0 END;
CREATE MACRO clock(d, hour, r, c) AS d::TIMESTAMP + to_seconds(hour * 3600 + floor(chance(r, c) * 3600)::INTEGER);
