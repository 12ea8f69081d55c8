package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Figure.Point;
import io.solebox.app.bench.report.Subject.ModelPart;
import io.solebox.app.bench.report.Trace.Line;
import io.solebox.app.bench.report.Trace.Moment;
import io.solebox.app.bench.report.Trace.Silent;
import io.solebox.app.bench.report.Trace.Stage;
import io.solebox.app.bench.report.Trace.What;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reports of machines that nobody has; their figures are made up. */
final class Reports {
  static final String DIGEST = "0123456789abcdef".repeat(4);

  private Reports() {}

  /** Two cards, a processor and a plug. */
  static BoxReport cards() {
    return cards("Made up 13B", DIGEST, "1.0", 1);
  }

  /**
   * The same with other figures.
   *
   * @param factor of all speeds
   */
  static BoxReport cards(String model, String digest, String version, double factor) {
    return new BoxReport(
        Instant.parse("2026-11-30T12:00:00Z"),
        version,
        "solebox bench made-up.gguf --report out.html",
        machine(),
        new Subject(
            model,
            "llama",
            "Q4_K_M",
            13_015_864_320L,
            7_865_956_224L,
            8192,
            7.9e9,
            List.of(new ModelPart("made-up.gguf", digest))),
        new Conditions("usual", 8, "f16", 64, 128, 3, 6),
        figures(factor),
        trace(),
        List.of("decode at 8192: there was no time left for it in the usual pace"),
        List.of("Decode at 4096 has 2 of 3 runs: there was no time for more."));
  }

  private static Machine machine() {
    return new Machine(
        "Maker Board 1",
        "Made up processor with 8 cores",
        8,
        64L << 30,
        "6.12.0",
        "580.1, open",
        "Card X, cuda:0",
        List.of(
            new Machine.Gpu(
                "Card X",
                "0000:01:00.0",
                "32.00 GiB",
                "PCIe 3 of 3, 8 of 16 lanes, 0 packets sent again during the run",
                "250 W"),
            new Machine.Gpu(
                "Card X",
                "0000:02:00.0",
                "32.00 GiB",
                "not told: this GPU cannot do or tell it",
                "250 W")));
  }

  private static List<Figure> figures(double factor) {
    var figures = new ArrayList<Figure>();
    figures.add(Figure.of(Quantity.LOAD, new Spread(List.of(9.4, 3.1))));
    int[] contexts = {128, 512, 2048, 4096};
    for (int i = 0; i < contexts.length; i++) {
      Point at = new Point(contexts[i], 1);
      figures.add(Figure.at(at, Quantity.DECODE, runs((62 - 3.5 * i) * factor)));
      figures.add(Figure.at(at, Quantity.PREFILL, runs((1500 - 140 * i) * factor)));
      figures.add(
          Figure.at(at, Quantity.FIRST_TOKEN, runs(contexts[i] / (1500 - 140.0 * i) / factor)));
      figures.add(Figure.at(at, Quantity.BANDWIDTH_SHARE, runs((0.66 - 0.03 * i) * factor)));
    }
    for (int clients : new int[] {2, 4, 8}) {
      Point at = new Point(128, clients);
      figures.add(Figure.at(at, Quantity.DECODE, runs(62 * Math.pow(clients, 0.7) * factor)));
      figures.add(Figure.at(at, Quantity.FIRST_TOKEN, runs(0.09 * clients / factor)));
    }
    figures.add(Figure.of(Quantity.READ_BANDWIDTH, runs(740e9)));
    Point steady = new Point(128, 8);
    figures.add(Figure.at(steady, Quantity.STEADY, runs(238 * factor)));
    figures.add(new Figure(Quantity.WATTS, Optional.of(steady), "GPU 0", runs(212)));
    figures.add(
        new Figure(
            Quantity.TOKENS_PER_JOULE,
            Optional.of(steady),
            "at the wall, by a plug",
            runs(0.71 * factor)));
    return figures;
  }

  private static Spread runs(double value) {
    return new Spread(List.of(value * 0.985, value, value * 1.01));
  }

  private static Trace trace() {
    return new Trace(
        List.of(
            new Stage("digest", 0, 7),
            new Stage("load", 7, 17),
            new Stage("contexts", 17, 95),
            new Stage("load", 95, 99),
            new Stage("clients", 99, 140),
            new Stage("without a rest", 140, 180)),
        List.of(
            new Line("GPU 0", What.POWER, moments(35, 180)),
            new Line("GPU 1", What.POWER, moments(33, 12)),
            new Line("wall, plug", What.POWER, moments(140, 190)),
            new Line("GPU 0, core", What.TEMPERATURE, moments(34, 29)),
            new Line("GPU 0, memory", What.TEMPERATURE, moments(36, 40)),
            new Line("GPU 0", What.CLOCK, moments(300, 1230))),
        List.of(new Silent("Power of the processor", "root is needed")));
  }

  private static List<Moment> moments(double from, double more) {
    return IntStream.range(0, 180)
        .mapToObj(
            second -> {
              double work = second < 10 || second > 93 && second < 100 ? 0.05 : 0.7;
              double wave = 0.15 * Math.sin(second / 6.0) + second / 1200.0;
              return new Moment(second, Math.round(10 * (from + more * (work + wave))) / 10.0);
            })
        .toList();
  }
}
