"""An engine behind an address: any server of the OpenAI-style embeddings protocol.

``POST {address}/embeddings`` with ``{"input": [texts], "model": name}`` answers
``{"data": [{"index": n, "embedding": [numbers]}]}``
(https://platform.openai.com/docs/api-reference/embeddings).
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from medixchange.search.retrieval.meaning.base import EngineUnavailable, clean
from medixchange.search.retrieval.vectors import Floats, unit

TIMEOUT = 30
#: A query does not wait for longer: words alone answer then.
QUERY_TIMEOUT = 3
BATCH = 32


class HttpEngine:
    """Asks a server.

    Args:
        address: of the protocol's root, such as ``http://localhost:8000/v1``.
        model: as the server calls it.
        key: sent as a bearer token where there is one.

    Raises:
        ValueError: the address is none of http or https.
        EngineUnavailable: the server does not answer (it is asked for its dimensions).
    """

    def __init__(self, address: str, model: str = "", key: str = "") -> None:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise ValueError(f"{address} is no http address")
        self._address = address.rstrip("/")
        self._model = model
        self._key = key
        self.name = f"{self._address}/{model}"
        self.dimensions = self._ask(["a"], QUERY_TIMEOUT).shape[1]

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of texts; raises ``EngineUnavailable``."""
        parts = [
            self._ask(texts[start : start + BATCH], TIMEOUT)
            for start in range(0, len(texts), BATCH)
        ]
        return np.vstack(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    def query(self, text: str) -> Floats:
        """The vector of a query; raises ``EngineUnavailable``."""
        vector: Floats = self._ask([text], QUERY_TIMEOUT)[0]
        return vector

    def _ask(self, texts: Sequence[str], timeout: float) -> Floats:
        body: dict[str, Any] = {"input": [clean(text) for text in texts]}
        if self._model:
            body["model"] = self._model
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(  # noqa: S310 -- the scheme was looked at
            f"{self._address}/embeddings", json.dumps(body).encode(), headers
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
                rows = json.load(answer)["data"]
            rows = sorted(rows, key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], np.float32)
        except (OSError, http.client.HTTPException, urllib.error.URLError) as problem:
            raise EngineUnavailable(f"{self._address} does not answer: {problem}") from problem
        except (ValueError, KeyError, TypeError) as problem:
            raise EngineUnavailable(f"{self._address} answered no embeddings") from problem
        dimensions = getattr(self, "dimensions", vectors.shape[-1])
        if vectors.shape != (len(texts), dimensions) or not np.isfinite(vectors).all():
            raise EngineUnavailable(
                f"{self._address} answered {vectors.shape} for {len(texts)} texts"
            )
        return unit(vectors)
