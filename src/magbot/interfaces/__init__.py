"""How people and programs reach magbot: command line, HTTP, LangChain."""
