package io.solebox.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.bench.report.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HttpBenchTest {
  private static final int TOKENS = 12;

  @Test
  void everyTokenIsTimedAndCounted() throws IOException, InterruptedException {
    Duration moment = Duration.ofMillis(200);
    try (var server = new ScriptedServer(2)) {
      var lengths = new HttpBench.Lengths(TOKENS, 2, moment, moment);
      HttpReport report = new HttpBench(server, lengths).run(List.of(1, 2));
      List<String> streams = report.times().stream().map(HttpReport.Times::stream).toList();
      assertEquals(List.of("engine alone", "chat", "completions", "ollama", "anthropic"), streams);
      for (HttpReport.Times times : report.times()) {
        assertEquals(2 * 5 * TOKENS, times.nanos().length, times.stream());
        assertTrue(times.nanos()[0] > 0, times.stream());
        assertTrue(times.micros(0.5) <= times.micros(0.99), times.stream());
      }
      assertEquals(List.of(1, 2), report.rates().stream().map(HttpReport.Rate::clients).toList());
      for (HttpReport.Rate rate : report.rates()) {
        assertEquals(2, rate.server().runs().size());
        assertTrue(rate.engine().min() > 0 && rate.server().min() > 0, rate::toString);
      }
      assertEquals(1 + streams.size() + 2 + 2 + 1, report.lines().size());
      String chart = LatencyChart.svg(report.times());
      streams.forEach(name -> assertTrue(chart.contains(">" + name + "<"), chart));
    }
  }

  @Test
  void programsReadTheSame() {
    var times =
        List.of(
            new HttpReport.Times(HttpReport.ENGINE, new long[] {1000, 2000, 3000, 9000}),
            new HttpReport.Times("chat", new long[] {11_000, 12_000, 13_000, 99_000}));
    var one = new Spread(List.of(5.0));
    var report = new HttpReport(4, times, List.of(new HttpReport.Rate(8, one, one)));
    Map<String, Object> fields = report.fields();
    var rows = (List<?>) fields.get("token_microseconds");
    var chat = (Map<?, ?>) rows.getLast();
    assertEquals("chat", chat.get("stream"));
    assertEquals(12.0, chat.get("median"));
    assertEquals(99.0, chat.get("p99"));
    assertEquals(10.0, chat.get("added_median"));
    var rates = (List<?>) fields.get("tokens_per_second");
    assertEquals(8, ((Map<?, ?>) rates.getFirst()).get("clients"));
  }

  @Test
  void anAnswerThatIsNoStreamSaysWhatItIs() throws IOException, InterruptedException {
    try (var server = new ScriptedServer(1);
        var client = new LoopbackClient(server.port(), ScriptedServer.MARK)) {
      var tokens = new ArrayList<Long>();
      String body = StreamApi.CHAT.body("nobody", "hello", 4);
      var error =
          assertThrows(
              IOException.class, () -> client.stream(StreamApi.CHAT.path(), body, tokens::add));
      assertTrue(error.getMessage().contains("model_not_found"), error::getMessage);
      assertEquals(List.of(), tokens);
    }
  }
}
