"""op.run_async(): the connection with awaitable methods. Nothing waits for anything else."""


class AsyncConnection:
    def __init__(self, connection):
        self.sync_connection = connection
        self.dialect = connection.dialect

    async def execute(self, *arguments, **named):
        return self.sync_connection.execute(*arguments, **named)

    async def exec_driver_sql(self, *arguments, **named):
        return self.sync_connection.exec_driver_sql(*arguments, **named)

    async def scalar(self, *arguments, **named):
        return self.sync_connection.scalar(*arguments, **named)

    async def scalars(self, *arguments, **named):
        return self.sync_connection.scalars(*arguments, **named)

    async def run_sync(self, function, *arguments, **named):
        return function(self.sync_connection, *arguments, **named)

    async def commit(self):
        self.sync_connection.commit()

    async def rollback(self):
        self.sync_connection.rollback()

    async def stream(self, *arguments, **named):
        return _Rows(self.sync_connection.execute(*arguments, **named))

    async def close(self):
        pass

    async def __aenter__(self):
        return self

    async def __aexit__(self, *unused):
        pass


class _Rows:
    def __init__(self, result):
        self._result = result

    def __aiter__(self):
        return self

    async def __anext__(self):
        row = self._result.fetchone()
        if row is None:
            raise StopAsyncIteration
        return row
