package io.solebox.server.responses;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.params.Params;
import io.solebox.server.responses.EventLog.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends the events of a response in the background, from any of them on, as often as is wished. */
record EventReading(JsonWriter json) {
  /** The number of the event behind which a request wants to go on; -1 for the beginning. */
  static long startingAfter(Exchange exchange) {
    Optional<String> given = exchange.query("starting_after");
    try {
      long after = given.map(Long::parseLong).orElse(-1L);
      if (after >= -1) {
        return after;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number below zero.
    }
    throw Params.invalidValue(
        "starting_after", "'starting_after' must be the 'sequence_number' of an event.");
  }

  /** Of one that runs: to its end, or until the client leaves. */
  void follow(EventLog log, long after, Exchange exchange) throws InterruptedException {
    EventLog.requireKept(after, log.first());
    EventLog.Reader reader = log.reader();
    try (EventStream out = exchange.startStream(EventStream.Framing.EVENTS);
        Registration _ = exchange.cancelWith(reader::leave)) {
      try {
        List<Event> events = reader.after(after);
        while (!events.isEmpty()) {
          events.forEach(event -> out.send(event.type(), event.body()));
          events = reader.after(events.getLast().sequence());
        }
      } catch (Problem e) {
        breakOff(e, out);
      }
      if (reader.left()) {
        breakOff(exchange.cancelled(), out);
      }
    }
  }

  private void breakOff(RuntimeException why, EventStream out) {
    if (!(why instanceof Problem problem)) {
      throw why;
    }
    Map<String, Object> event =
        ResponseBody.ordered(
            "type", "error", "code", problem.code(), "message", problem.getMessage());
    event.put("param", problem.param().orElse(null));
    out.send("error", json.bytes(event));
  }

  /**
   * Of one that is over.
   *
   * @param events that are kept; where there are none, its end alone is told
   * @param body as it ended
   */
  void replay(List<Event> events, Map<String, Object> body, long after, Exchange exchange) {
    if (!events.isEmpty()) {
      EventLog.requireKept(after, events.getFirst().sequence());
    }
    try (EventStream out = exchange.startStream(EventStream.Framing.EVENTS)) {
      if (events.isEmpty()) {
        String type = "response." + body.get("status");
        Map<String, Object> event =
            ResponseBody.ordered("type", type, "sequence_number", after + 1, "response", body);
        out.send(type, json.bytes(event));
      }
      events.stream()
          .filter(event -> event.sequence() > after)
          .forEach(event -> out.send(event.type(), event.body()));
    }
  }
}
