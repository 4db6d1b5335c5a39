"""What a force holds here, table by table."""

from concordat.exchange.queries.holdings import Holding, check_can_move, holdings

__all__ = ["Holding", "check_can_move", "holdings"]
