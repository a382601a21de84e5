"""`prompt | HeadroomTransform() | model`: what tools gave back reaches the model with fewer tokens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from headroom_core import Retrieval
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage, HumanMessage, convert_to_messages
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda, RunnableSerializable
from langchain_core.runnables.config import ensure_config, run_in_executor
from pydantic import ConfigDict, Field

from headroom_langchain.door import OnError, Smaller, Terms, atell, smaller, smaller_result, tell
from headroom_langchain.graph import messages_of, update
from headroom_langchain.messages import Role
from headroom_langchain.settings import HeadroomSettings

if TYPE_CHECKING:
    from headroom_langchain.retrieve_tool import HeadroomRetrieveTool

Marker = Annotated[str, Field(min_length=1)]


class HeadroomTransform(RunnableSerializable[LanguageModelInput, list[BaseMessage]]):
    """Messages made smaller: a changed one is a copy with another content, every other is the object that came in.

    Stands between a prompt and a model. Every run dispatches a `headroom_compression` event that says what was saved,
    or that nothing was.
    """

    model_config = ConfigDict(extra="forbid")

    settings: HeadroomSettings = Field(default_factory=HeadroomSettings)
    roles: frozenset[Role] = frozenset({"tool", "human"})
    """Whose texts are looked at. Results of tools are; of human messages only the data in them (JSON, logs, tables,
    pages, search hits), where that is sure: the rest stays letter for letter. System and AI messages never change."""
    documents: tuple[tuple[Marker, Marker], ...] = ()
    """Pairs of markers, `("<doc>", "</doc>")`, between which all of a human message is data."""
    retrieval: Retrieval = "none"
    """`"tool"` where something runs `headroom_retrieve` for the model: facts may then be left out of what is shown."""
    on_error: OnError = "passthrough"
    """What a failure of ours does: a warning and the messages as they came, or an error."""

    @classmethod
    def is_lc_serializable(cls) -> bool:
        """Whether `langchain_core.load.dumps` may write it."""
        return True

    @classmethod
    def get_lc_namespace(cls) -> list[str]:
        """The module that `langchain_core.load.loads` finds it in."""
        return ["headroom_langchain", "transform"]

    @property
    def lc_attributes(self) -> dict[str, Any]:
        """The fields that JSON doesn't know, as JSON."""
        return self.model_dump(mode="json", include={"settings", "roles", "documents"})

    def invoke(
        self,
        input: LanguageModelInput,  # noqa: A002  # the name that Runnable gives it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> list[BaseMessage]:
        """The messages of a prompt, a text or a list, made smaller.

        Raises:
            TypeError: the input is none of these.
        """
        return self._call_with_config(self._transform, input, config, **kwargs)

    async def ainvoke(
        self,
        input: LanguageModelInput,  # noqa: A002  # the name that Runnable gives it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> list[BaseMessage]:
        """As `invoke`, in a thread of its own: a large text never holds up the event loop."""
        return await self._acall_with_config(self._atransform, input, config, **kwargs)

    def as_node(
        self, *, messages_key: str = "messages", output_key: str | None = None
    ) -> Runnable[Any, dict[str, Any]]:
        """A node of a graph, for states with `add_messages`.

        Args:
            messages_key: where the state has its messages.
            output_key: None: the changed messages take the place of the originals in the state. Else all messages go
                under this key and the state stays: `"llm_input_messages"` for a `pre_model_hook`.
        """

        def made(before: list[BaseMessage], after: list[BaseMessage]) -> dict[str, Any]:
            return {messages_key: update(before, after)} if output_key is None else {output_key: after}

        def node(state: Any) -> dict[str, Any]:
            before = messages_of(state, messages_key)
            return made(before, self.invoke(before, ensure_config()))

        async def anode(state: Any) -> dict[str, Any]:
            before = messages_of(state, messages_key)
            return made(before, await self.ainvoke(before, ensure_config()))

        return RunnableLambda(node, anode, name="HeadroomTransform.as_node")

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """For `ToolNode(tools, wrap_tool_call=...)`: results enter the state smaller. Their originals are kept."""
        return self._shrunk(request, handler(request))

    async def awrap_tool_call(self, request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        """For `ToolNode(tools, awrap_tool_call=...)`."""
        return await run_in_executor(None, self._shrunk, request, await handler(request))

    def retrieve_tool(self) -> HeadroomRetrieveTool:
        """The tool that gives back what this transform left out; then say `retrieval="tool"`."""
        from headroom_langchain.retrieve_tool import HeadroomRetrieveTool

        return HeadroomRetrieveTool(settings=self.settings)

    def _transform(self, given: LanguageModelInput) -> list[BaseMessage]:
        made = self._smaller(given)
        tell(made.report)
        return made.messages

    async def _atransform(self, given: LanguageModelInput) -> list[BaseMessage]:
        made = await run_in_executor(None, self._smaller, given)
        await atell(made.report)
        return made.messages

    def _smaller(self, given: LanguageModelInput) -> Smaller:
        terms = Terms(self.settings, self.retrieval, self.roles, self.documents)
        return smaller(to_messages(given), terms, self.on_error)

    def _shrunk(self, request: Any, result: Any) -> Any:
        terms = Terms(self.settings, self.retrieval, self.roles & {"tool"})
        return smaller_result(request, result, terms, self.on_error)


def to_messages(given: object) -> list[BaseMessage]:
    """Whatever a chat model takes as its input, as messages; those that are messages are passed as they are.

    Raises:
        TypeError: a chat model wouldn't take it.
    """
    if isinstance(given, PromptValue):
        return given.to_messages()
    if isinstance(given, str):
        return [HumanMessage(given)]
    if isinstance(given, Mapping):
        raise TypeError(
            f"HeadroomTransform got a dict with {', '.join(map(repr, given))}; expected messages. "
            "In a graph, add HeadroomTransform().as_node() as the node: that one takes a state."
        )
    if isinstance(given, Sequence) and not isinstance(given, bytes | bytearray):
        return convert_to_messages(given)
    raise TypeError(f"HeadroomTransform got {type(given).__name__}; expected a prompt, a str or a list of messages")
