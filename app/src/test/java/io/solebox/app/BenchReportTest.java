package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {
  @TempDir private Path home;

  private CliRunner cli() {
    return new CliRunner(home);
  }

  /** As little as a report can be of. */
  private CliRunner.Result report(CliRunner cli, String model, Path file, String... further) {
    String[] little = {
      "bench",
      model,
      "--report",
      file.toString(),
      "--quick",
      "-r",
      "1",
      "-n",
      "4",
      "--at",
      "16",
      "-p",
      "8",
      "--device",
      "reference"
    };
    return cli.run(Stream.of(little, further).flatMap(Stream::of).toArray(String[]::new));
  }

  @Test
  void aReportIsMadeOfAModelAndComparedWithAnother() throws IOException {
    String model = cli().synth(home, "tiny", "Q8_0");
    Path page = home.resolve("a.html");
    Path json = home.resolve("b.json");
    var made = report(cli(), model, page, "-b", "1,2");
    assertEquals(0, made.exitCode(), made.err());
    assertTrue(made.out().contains("One client at 16\n  Decode"), made.out());
    assertTrue(made.out().contains("not measured: The share of the read bandwidth"), made.out());
    assertTrue(made.err().contains("The report is in"), made.err());
    assertFalse(Files.readString(page).contains(home.toString()), "no folder of anybody's");

    Map<String, Object> printed = report(cli(), model, json, "-b", "1", "--json").object();
    assertEquals("solebox.bench.report", printed.get("schema"));
    assertEquals(printed, CliRunner.json(Files.readString(json)));
    List<?> figures = (List<?>) printed.get("figures");
    for (String quantity : List.of("load", "decode", "prefill", "first_token", "steady")) {
      assertTrue(
          figures.stream()
              .anyMatch(each -> CliRunner.asObject(each).get("quantity").equals(quantity)),
          quantity);
    }

    Path both = home.resolve("both.html");
    var compared =
        cli()
            .run(
                "bench",
                "--compare",
                page.toString(),
                json.toString(),
                "--report",
                both.toString());
    assertEquals(0, compared.exitCode(), compared.err());
    assertTrue(compared.out().contains("The same model, settings, machine"), compared.out());
    assertTrue(Files.readString(both).contains("Two bench reports"));

    var onto =
        cli()
            .run(
                "bench",
                "--compare",
                page.toString(),
                json.toString(),
                "--report",
                page.toString());
    assertTrue(onto.err().contains("one of the files to be compared"), onto.err());

    var twice = cli().run("bench", "--compare", page.toString(), page.toString());
    assertEquals(1, twice.exitCode());
    assertTrue(twice.err().contains("the same report"), twice.err());
  }

  @Test
  void cardsAreWrittenDownWithWhatTheyDraw() throws IOException, InterruptedException {
    String model = cli().synth(home, "tiny", "Q8_0");
    FakeGpu gpu =
        new FakeGpu(home)
            .set("power 100000")
            .set("core 61")
            .set("reasons 32")
            .set("no nvmlDeviceGetTotalEnergyConsumption");
    var cli = cli().with("SOLEBOX_NVML", gpu.library().toString());
    Map<String, Object> made =
        report(cli, model, home.resolve("a.json"), "-b", "1", "--json").object();
    assertEquals(1, ((List<?>) CliRunner.asObject(made.get("machine")).get("gpus")).size());
    Map<String, Object> watts = figure(made, "watts");
    assertEquals("GPU 0", watts.get("by"));
    assertEquals(100.0, ((Number) watts.get("median")).doubleValue());
    assertTrue(figure(made, "tokens_per_joule").get("by").toString().contains("GPUs"));
    assertTrue(made.get("notes").toString().contains("driver: too hot"), made.get("notes") + "");
    String trace = made.get("trace").toString();
    assertTrue(trace.contains("GPU 0, core") && trace.contains("61"), trace);
  }

  private static Map<String, Object> figure(Map<String, Object> report, String quantity) {
    return ((List<?>) report.get("figures"))
        .stream()
            .map(CliRunner::asObject)
            .filter(each -> each.get("quantity").equals(quantity))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void whatDoesNotBelongToAReportIsRefusedBeforeAnythingIsMeasured() throws IOException {
    String model = cli().synth(home, "tiny", "Q8_0");
    Path mine = home.resolve("mine.html");
    Files.writeString(mine, "mine");
    assertTrue(report(cli(), model, mine).err().contains("something else already"));
    assertEquals("mine", Files.readString(mine));
    assertTrue(report(cli(), model, home.resolve("a.txt")).err().contains("neither"));
    assertEquals(2, report(cli(), model, home.resolve("a.html"), "--full").exitCode());
    assertEquals(2, report(cli(), model, home.resolve("a.html"), "--lookup").exitCode());
    assertEquals(2, cli().run("bench", model, "--quick").exitCode());
    assertEquals(2, cli().run("bench", "--compare", "a.json").exitCode());
    assertEquals(2, cli().run("bench", model, "--compare", "a.json", "b.json").exitCode());
    assertEquals(1, cli().run("bench", "--compare", "a.json", "b.json").exitCode());
    assertFalse(Files.exists(home.resolve("a.html")));
  }
}
