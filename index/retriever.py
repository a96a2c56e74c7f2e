"""Question -> ranked passages of the document, as LangChain's retriever."""

from collections.abc import Callable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from corpus.document import Chunk
from index.chunks import to_document
from index.encoder.base import Encoder
from index.evidence import Index, Method


class PassageRetriever(BaseRetriever):
    """`invoke(question)`: the `k` best passages (None: all), best first, each with its metadata and its `score`.

    `keep`, given to `invoke`, says which chunks may be returned: `retriever.invoke(question, keep=in_fiche)`.
    """

    index: Index
    encoder: Encoder
    method: Method = "mixed"
    k: int | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, keep: Callable[[Chunk], bool] | None = None
    ) -> list[Document]:
        del run_manager  # nothing inside runs a step of its own
        evidence = self.index.evidence(query, self.encoder.encode_queries([query])[0])
        ranked = self.index.rank_passages(evidence, self.method)
        kept = [(chunk, score) for chunk, score in ranked if keep is None or keep(chunk)]
        return [to_document(chunk, score=score) for chunk, score in kept[: self.k]]
