"""A company that exists only in these tests: shops and support, with ambiguous words on purpose. The data covers January 2024 to 21 November 2026."""

from __future__ import annotations

from datetime import date, datetime

from insights.catalog.model import Aggregation, Catalog, Dataset, Field, FieldId, Metric, Relationship, Verified
from insights.catalog.values import Contents, Coverage
from insights.lake.source import Source

NOW = datetime(2026, 11, 22, 10, 30)
"""A Sunday."""


def _field(id_: str, role: str, kind: str = "text", label: str = "", synonyms=(), values=None, aggregates=(), declared=False, unit=None) -> Field:
    dataset, name = id_.split(".")
    return Field(
        id=FieldId(dataset, name),
        expression=(name,),
        kind=kind,
        role=role,
        label=label or name.replace("_", " "),
        synonyms=tuple(synonyms),
        values=values or {},
        aggregates=tuple(aggregates),
        aggregates_declared=declared,
        unit=unit,
    )


_ANY = ("sum", "avg", "median", "min", "max")
_FIELDS = (
    _field("orders.order_id", "key", "number"),
    _field("orders.customer_id", "key", "number"),
    _field("orders.product_id", "key", "number"),
    _field("orders.ordered_on", "time", "date", "Order date"),
    _field("orders.shipped_on", "time", "date", "Shipped on", ["ship date"]),
    _field("orders.status", "dimension", label="Status", synonyms=["order status"], values={"shipped": ("sent",)}),
    _field("orders.channel", "dimension", label="Channel"),
    _field("orders.device", "dimension", label="Device", values={"Smart TV": ("television",), "Phone": ("mobile",)}),
    _field("orders.paid", "dimension", "boolean", "Paid"),
    _field("orders.amount", "fact", "number", "Amount", ["order amount"], aggregates=_ANY, unit="USD"),
    _field("orders.discount", "fact", "number", "Discount", aggregates=("avg", "median"), declared=True, unit="percent"),
    _field("orders.delivery_days", "fact", "number", "Delivery days", ["delivery time"], aggregates=_ANY, unit="days"),
    _field("customers.customer_id", "key", "number"),
    _field("customers.name", "dimension", label="Customer", synonyms=["client"]),
    _field("customers.region", "dimension", label="Region", synonyms=["territory", "area"], values={"EMEA": ("europe",), "APAC": ("asia pacific", "asia")}),
    _field("customers.country", "dimension", label="Country", values={"United States": ("us", "usa", "america")}),
    _field("customers.plan", "dimension", label="Plan"),
    _field("customers.signed_up_on", "time", "date", "Signed up on"),
    _field("products.product_id", "key", "number"),
    _field("products.product", "dimension", label="Product"),
    _field("products.category", "dimension", label="Category", synonyms=["product category"]),
    _field("tickets.ticket_id", "key", "number"),
    _field("tickets.customer_id", "key", "number"),
    _field("tickets.opened_at", "time", "timestamp", "Opened at"),
    _field("tickets.channel", "dimension", label="Contact channel"),
    _field("tickets.hours_to_solve", "fact", "number", "Hours to solve", ["resolution time"], aggregates=_ANY, unit="hours"),
    _field("marketing.spent_on", "time", "date", "Spent on"),
    _field("marketing.campaign", "dimension", label="Campaign"),
    _field("marketing.cost", "fact", "number", "Cost", aggregates=_ANY, unit="USD"),
)


def _dataset(name: str, label: str, key: str | None, synonyms=()) -> Dataset:
    fields = {field.id.name: field for field in _FIELDS if field.id.dataset == name}
    return Dataset(name=name, source=Source(table=name), fields=fields, primary_key=(key,) if key else (), label=label, synonyms=tuple(synonyms))


_DATASETS = (
    _dataset("orders", "Orders", "order_id", ["purchases"]),
    _dataset("customers", "Customers", "customer_id"),
    _dataset("products", "Products", "product_id", ["articles"]),
    _dataset("tickets", "Support tickets", "ticket_id"),
    _dataset("marketing", "Marketing", None),
)
_ORDERED = FieldId("orders", "ordered_on")


def _sum(id_: str) -> Aggregation:
    dataset, name = id_.split(".")
    return Aggregation(function="sum", dataset=dataset, operand=(FieldId(dataset, name),))


_COUNT = Aggregation(function="count", dataset="orders")
_BUYERS = Aggregation(function="count_distinct", dataset="orders", operand=(FieldId("orders", "customer_id"),))
_REFUNDED = Aggregation(function="sum", dataset="orders", operand=(FieldId("orders", "amount"),), where=(FieldId("orders", "status"), " = 'refunded'"))
_METRICS = (
    Metric(
        name="revenue", label="Revenue", formula=(_sum("orders.amount"),), synonyms=("turnover", "sales"), unit="USD", good="up", time=_ORDERED, certified=True
    ),
    Metric(name="orders", label="Orders", formula=(_COUNT,), unit="orders", good="up", time=_ORDERED, certified=True),
    Metric(name="customers", label="Customers", formula=(_BUYERS,), unit="customers", good="up", time=_ORDERED, additive=False, certified=True),
    Metric(name="refunds", label="Refunds", formula=(_REFUNDED,), unit="USD", good="down", time=_ORDERED),
    Metric(
        name="net_revenue",
        label="Net revenue",
        formula=(_sum("orders.amount"), " - ", _REFUNDED),
        type="derived",
        unit="USD",
        good="up",
        time=_ORDERED,
        synonyms=("earnings",),
    ),
    Metric(
        name="gross_profit",
        label="Gross profit",
        formula=(_sum("orders.amount"), " * 0.3"),
        type="derived",
        unit="USD",
        good="up",
        time=_ORDERED,
        synonyms=("earnings",),
        sensitivity="confidential",
    ),
    Metric(
        name="average_order_value",
        label="Average order value",
        formula=(_sum("orders.amount"), " / NULLIF(", _COUNT, ", 0)"),
        type="ratio",
        unit="USD",
        good="up",
        time=_ORDERED,
        additive=False,
        synonyms=("average basket", "aov"),
    ),
    Metric(
        name="refund_rate",
        label="Refund rate",
        formula=(_REFUNDED, " / NULLIF(", _sum("orders.amount"), ", 0)"),
        type="ratio",
        unit="percent",
        good="down",
        time=_ORDERED,
        additive=False,
    ),
    Metric(
        name="marketing_spend",
        label="Marketing spend",
        formula=(_sum("marketing.cost"),),
        unit="USD",
        time=FieldId("marketing", "spent_on"),
        synonyms=("ad spend",),
    ),
    Metric(
        name="contacts",
        label="Support contacts",
        formula=(Aggregation(function="count", dataset="tickets"),),
        unit="contacts",
        good="down",
        time=FieldId("tickets", "opened_at"),
    ),
)

CATALOG = Catalog(
    name="tests",
    version="1",
    datasets={dataset.name: dataset for dataset in _DATASETS},
    metrics={metric.name: metric for metric in _METRICS},
    relationships=(
        Relationship(name="orders_customers", many="orders", one="customers", many_columns=("customer_id",), one_columns=("customer_id",)),
        Relationship(name="orders_products", many="orders", one="products", many_columns=("product_id",), one_columns=("product_id",)),
        Relationship(name="tickets_customers", many="tickets", one="customers", many_columns=("customer_id",), one_columns=("customer_id",)),
    ),
    events={"launch": date(2025, 3, 1)},
    verified=(
        Verified(ask="How did we do last month?", request={"analysis": "value", "metrics": ["revenue"], "period": "last month", "compare": "previous period"}),
        Verified(
            ask="who are our biggest markets",
            request={"analysis": "ranking", "metrics": ["revenue"], "group_by": ["country"], "period": "this year", "order": "desc"},
        ),
    ),
)

CONTENTS = Contents(
    fingerprint="1",
    values={
        FieldId("orders", "status"): ("cancelled", "open", "refunded", "shipped"),
        FieldId("orders", "channel"): ("Partner", "Shop", "Web"),
        FieldId("orders", "device"): ("Laptop", "Phone", "Smart TV", "Tablet"),
        FieldId("customers", "name"): ("Aurora Foods Ltd", "Bluebird Inc.", "Copper and Sons", "United Paper Co.", "United Steel"),
        FieldId("customers", "region"): ("AMER", "APAC", "EMEA"),
        FieldId("customers", "country"): ("France", "Georgia", "Germany", "Japan", "United Kingdom", "United States"),
        FieldId("customers", "plan"): ("Basic", "Family", "Premium"),
        FieldId("products", "product"): ("Desk Lamp", "Paper", "Standing Desk", "Sunday Mug"),
        FieldId("products", "category"): ("Accessories", "Furniture", "Paper", "Sci-Fi Books"),
        FieldId("tickets", "channel"): ("Chat", "Email", "Phone"),
        FieldId("marketing", "campaign"): ("Big Spring", "Georgia", "Winter Warm-up"),
    },
    coverage={
        _ORDERED: Coverage(first=date(2024, 1, 1), last=date(2026, 11, 21)),
        FieldId("orders", "shipped_on"): Coverage(first=date(2024, 1, 3), last=date(2026, 11, 21)),
        FieldId("tickets", "opened_at"): Coverage(first=date(2024, 1, 1), last=date(2026, 11, 21)),
        FieldId("marketing", "spent_on"): Coverage(first=date(2024, 1, 1), last=date(2026, 11, 21)),
    },
)
