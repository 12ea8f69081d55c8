/** The HTTP server: the OpenAI-compatible API and the page at its root. */
module io.solebox.server {
  exports io.solebox.server;

  requires transitive io.solebox.engine;
  requires io.helidon.common.task;
  requires io.helidon.webserver;
  requires java.logging;
  requires tools.jackson.core;
}
