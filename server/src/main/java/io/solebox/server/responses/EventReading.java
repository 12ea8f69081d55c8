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
  /** Whole numbers up to here are the same in every program that reads JSON. */
  private static final long MAX_NUMBER = (1L << 53) - 2;

  /** The number of the event behind which a request wants to go on; -1 for the beginning. */
  static long startingAfter(Exchange exchange) {
    Optional<String> given = exchange.query("starting_after");
    try {
      long after = given.map(Long::parseLong).orElse(-1L);
      if (after >= -1 && after <= MAX_NUMBER) {
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
    log.requireSent(after);
    EventLog.requireKept(after, log.first());
    EventLog.Reader reader = log.reader();
    try (EventStream out = exchange.startStream(EventStream.Framing.EVENTS);
        Registration _ = exchange.cancelWith(reader::leave)) {
      long last = after;
      try {
        List<Event> events = reader.after(last);
        while (!events.isEmpty()) {
          events.forEach(event -> out.send(event.type(), event.body()));
          last = events.getLast().sequence();
          events = reader.after(last);
        }
      } catch (Problem e) {
        breakOff(e, last + 1, out);
      }
      if (reader.left()) {
        breakOff(exchange.cancelled(), last + 1, out);
      }
    }
  }

  private void breakOff(RuntimeException why, long sequence, EventStream out) {
    if (!(why instanceof Problem problem)) {
      throw why;
    }
    out.send("error", json.bytes(ResponseBody.errorEvent(problem, sequence)));
  }

  /**
   * Of one that is over. The stream has its end in any case: a process that was killed may have
   * sent events that it did not keep, and whoever had these hears how it ended, too.
   *
   * @param events that are kept
   * @param body as it ended
   */
  void replay(KeptEvents events, Map<String, Object> body, long after, Exchange exchange) {
    String id = (String) body.get("id");
    String end = "response." + body.get("status");
    EventLog.requireKept(after, events.first(id));
    try (EventStream out = exchange.startStream(EventStream.Framing.EVENTS)) {
      long last = after;
      boolean told = false;
      List<Event> next = events.after(id, last);
      while (!next.isEmpty()) {
        next.forEach(event -> out.send(event.type(), event.body()));
        last = next.getLast().sequence();
        told = next.getLast().type().equals(end);
        next = events.after(id, last);
      }
      if (!told) {
        out.send(
            end,
            json.bytes(
                ResponseBody.ordered("type", end, "sequence_number", last + 1, "response", body)));
      }
    }
  }
}
