"""Built-in practice companies for the demo and the tests: real servers, nobody real behind them."""
