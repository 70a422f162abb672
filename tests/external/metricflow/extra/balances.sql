select * from {{ ref('balances_seed') }}
