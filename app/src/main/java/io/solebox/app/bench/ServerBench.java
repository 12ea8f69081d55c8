package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import java.io.IOException;
import java.util.List;

/** Measures the server without a model, for people or for programs. */
record ServerBench(Console console, HttpBench.Lengths lengths, boolean json) {
  /**
   * @param most of the clients at once
   */
  HttpReport run(List<Integer> clients, int most) throws InterruptedException, IOException {
    try (var server = new ScriptedServer(most)) {
      HttpReport report = new HttpBench(server, lengths).run(clients);
      if (json) {
        console.println(Json.text(report.fields()));
      } else {
        report.lines().forEach(console::println);
      }
      return report;
    }
  }
}
