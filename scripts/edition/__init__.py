"""The parts of the browser edition: what it is built with, what it holds, and how it is put together."""
