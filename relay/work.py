"""What goes on besides answering requests: letters and events are sent, bounces are read, what is due hourly is done.
The same in a relay and in a worker alone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from relay.assembly import make_webhook_worker, make_worker
from relay.forget_after import ForgetAfter
from relay.mail.bounce_mailbox import BounceMailbox
from relay.mail.transport import Transport
from relay.maintenance import HourlyJob, announce_obstacles, report_then_erase
from relay.monitor import Watch, report_to_monitor
from relay.notifier import OrganizerNotifier
from relay.outbox import Queue
from relay.returns import Returns
from relay.settings import Settings
from relay.worker import Worker


@dataclass(slots=True)
class Bell:
    """Wakes the workers of this process, once there are any: the outbox is opened first."""

    workers: list[Worker] = field(default_factory=list)

    def ring(self) -> None:
        for worker in self.workers:
            worker.wake()


@dataclass(frozen=True, slots=True)
class Work:
    """What a process that sends needs."""

    settings: Settings
    outbox: Queue
    transport: Transport
    notifier: OrganizerNotifier
    forget_after: ForgetAfter
    returns: Returns
    watch: Watch | None  # if a monitor is told
    bell: Bell
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[Sequence[HourlyJob]]:
        """Letters and events are sent and bounces read until the end; then whatever is being sent is finished. Gives
        the jobs that are left to run hourly."""
        settings, clock, ring = self.settings, self.clock, self.bell.ring
        async with AsyncExitStack() as stack:
            workers = [make_worker(settings, self.outbox, self.transport, self.notifier, clock)]
            if settings.webhook_url:
                workers.append(make_webhook_worker(settings, self.outbox, clock))
            self.bell.workers.extend(workers)
            for worker in workers:
                await stack.enter_async_context(_running(worker))
            if settings.bounce_imap:
                await stack.enter_async_context(
                    in_background(BounceMailbox(settings.bounce_imap, self.returns.take).watch())
                )
            jobs = [
                announce_obstacles(self.outbox, self.notifier, clock, ring),
                report_then_erase(self.outbox, self.notifier, self.forget_after.read, clock, ring),
            ]
            if self.watch:
                jobs.append(report_to_monitor(settings.ping_url, self.watch.find_trouble))
            yield jobs


@asynccontextmanager
async def _running(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
