"""The JSON lines between the program and the reader."""
import json

from .stops import HangUp


class Channel:
    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer

    def receive(self):
        """The next object, or None when the program has hung up."""
        try:
            line = self._reader.readline()
        except ConnectionError:
            return None
        return json.loads(line) if line else None

    def send(self, message):
        try:
            self._writer.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
                               + b"\n")
            self._writer.flush()
        except ConnectionError:
            raise HangUp()

    def ask(self, message):
        """Sends an event of a live run and waits for the answer to it."""
        self.send(message)
        answer = self.receive()
        if answer is None:
            raise HangUp()
        return answer
