"""What the company knows about itself: its handbook, who does what, and the facts of its offices; looked up and told with their source."""

from insights.company.desk import CompanyDesk
from insights.company.port import Knowledge

__all__ = ["CompanyDesk", "Knowledge"]
