select * from {{ ref('tiers_seed') }}
