"""Work that is handed over to run later: to background tasks, to a queue, to a task of the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import Object, options
from fastapi_lint.application.library.model import words as split
from fastapi_lint.application.security.callers import words
from fastapi_lint.application.written import expressions, statements
from fastapi_lint.facts import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.application.answers.creation import Creation
    from fastapi_lint.application.bodies import Body

_HANDS_OVER = frozenset(
    split(
        "add_task delay apply_async send_task enqueue enqueue_job enqueue_in create_task ensure_future "
        "kiq defer_async defer submit send_with_options publish start_soon"
    )
)
_MESSAGES = frozenset(
    split(
        "mail email mails emails notify notification notifications welcome audit webhook event events "
        "invitation"
    )
)
_KEYS = ("id", "uuid")


def handed_over(body: Body) -> Iterator[model.Call]:
    """The calls of a function that hand work over."""
    for statement in statements(body.function.definition.body):
        for item in expressions(statement) if not isinstance(statement, model.FunctionDefinition) else ():
            if (
                isinstance(item, model.Call)
                and isinstance(item.function, model.Attribute)
                and item.function.name in _HANDS_OVER
            ):
                yield item


def hands_over(creation: Creation) -> bool:
    """Whether what is created is handed to work that runs later: a job, then, that is not done yet."""
    return any(_is_about(body, call, creation) for body in creation.bodies for call in handed_over(body))


def _is_about(body: Body, call: model.Call, creation: Creation) -> bool:
    if any(word in _MESSAGES for word in _names(call)):
        return False
    keys = _key_names(body, creation)
    for item in expressions(call):
        if isinstance(item, model.Name) and item.id in keys:
            return True
        row = (
            item.value
            if isinstance(item, model.Attribute) and words(item.name)[-1:] in (["id"], ["uuid"])
            else item
        )
        if any(
            isinstance(option, Object) and option.cls is creation.entity
            for option in options(body.value(row))
        ):
            return True
    return False


def _key_names(body: Body, creation: Creation) -> set[str]:
    """The names that a function makes the row's own key of: `Job(id=job_id)`."""
    return {
        keyword.value.id
        for statement in statements(body.function.definition.body)
        for item in expressions(statement)
        if isinstance(item, model.Call) and creation.entity is not None
        for keyword in item.keywords
        if keyword.name in _KEYS and isinstance(keyword.value, model.Name)
        if any(
            isinstance(option, Object) and option.cls is creation.entity
            for option in options(body.value(item))
        )
    }


def _names(call: model.Call) -> Iterator[str]:
    """The words of what is called later: the callable that is handed over, or whose method hands it over."""
    handed = [
        call.function.value if isinstance(call.function, model.Attribute) else call.function,
        *call.arguments[:1],
    ]
    for node in handed:
        for item in (node, *expressions(node)):
            if isinstance(item, model.Attribute):
                yield from words(item.name)
            elif isinstance(item, model.Name):
                yield from words(item.id)
