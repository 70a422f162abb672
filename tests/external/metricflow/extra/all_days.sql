{{ config(materialized = 'table') }}
select cast(date_day as date) as date_day, retail_period from {{ ref('days_seed') }}
