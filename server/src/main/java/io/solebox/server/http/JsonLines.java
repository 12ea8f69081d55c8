package io.solebox.server.http;

import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Objects as JSON, a line each. What cannot be written is lost, and said once until it can again.
 */
final class JsonLines {
  private final JsonWriter json;
  private final String what;
  private final LineSink sink;
  private final PrintStream log;
  private final AtomicBoolean broken = new AtomicBoolean();

  /**
   * @param what the lines are, for the message
   * @param log hears when they cannot be written
   */
  JsonLines(JsonWriter json, String what, LineSink sink, PrintStream log) {
    this.json = json;
    this.what = what;
    this.sink = sink;
    this.log = log;
  }

  void write(Map<String, Object> object) {
    byte[] text = json.bytes(object);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    try {
      sink.write(line);
      broken.set(false);
    } catch (IOException e) {
      if (broken.compareAndSet(false, true)) {
        log.println(what + " cannot be written, and is lost until it can: " + e.getMessage());
      }
    }
  }
}
