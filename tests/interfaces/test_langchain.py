from langchain_core.runnables import RunnableLambda

from magbot.assistant import Magbot
from magbot.interfaces.langchain import MagbotRetriever, magbot_runnable


def test_the_retriever_gives_exact_quotes(magbot: Magbot) -> None:
    documents = MagbotRetriever(magbot=magbot, k=5).invoke("How much magnesium is in almonds?")
    assert len(documents) == 5
    for found in documents:
        text = magbot.document(found.metadata["id"], found.metadata["language"]).text
        assert text[found.metadata["start"] : found.metadata["end"]] == found.page_content


def test_the_runnable_fits_into_a_chain(magbot: Magbot) -> None:
    chain = magbot_runnable(magbot) | RunnableLambda(lambda answer: answer.outcome.value)
    assert chain.invoke("Hvad bliver vejret i morgen?") == "off_topic"
    history = [{"role": "user", "content": "How much magnesium do men need?"}]
    assert chain.invoke({"question": "and women?", "history": history}) == "answered"
