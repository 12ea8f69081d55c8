package io.solebox.hardware.nvml;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The process that speaks with NVML, since a GPU that dies hangs every call into it: whoever
 * started this ends it then. It ends by itself when its input does, even in the midst of a call.
 * Where no program may be started, the same is served by a thread.
 */
public final class NvmlMain {
  private final Asker asker;
  private final FieldValues fields;
  private final List<GpuHandle> gpus;
  private final XidEvents events;

  private NvmlMain(NvmlLibrary library, Asker asker, List<GpuHandle> gpus) {

    this.asker = asker;
    this.fields = new FieldValues(library);
    this.gpus = gpus;
    this.events = XidEvents.listen(library, asker, gpus);
  }

  /**
   * Answers questions until there are no more.
   *
   * @param arguments the name or path of the library
   */
  public static void main(String[] arguments) throws InterruptedException {
    BlockingQueue<String> questions = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().name("questions").start(() -> listen(questions));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    serve(
        arguments[0],
        questions,
        lines -> {
          lines.forEach(line -> out.print(line + "\n"));
          out.flush();
        });
  }

  private static void listen(BlockingQueue<String> questions) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = in.readLine();
      while (line != null) {
        questions.add(line);
        line = in.readLine();
      }
    } catch (IOException e) {
      // Whoever asked is gone, as at the end of input.
    }
    Runtime.getRuntime().halt(0);
  }

  /**
   * Answers questions until {@link Lines#END}.
   *
   * @param out takes the lines of each answer
   */
  static void serve(String library, BlockingQueue<String> questions, Consumer<List<String>> out)
      throws InterruptedException {
    Optional<NvmlLibrary> loaded = NvmlLibrary.load(library);
    if (loaded.isEmpty()) {
      out.accept(List.of(Lines.line(Lines.ABSENT), Lines.END));
      return;
    }
    Asker asker = new Asker(loaded.get());
    Outcome<List<GpuHandle>> gpus = asker.done("nvmlInit_v2").flatMap(_ -> GpuHandle.all(asker));
    if (!(gpus instanceof Outcome.Done<List<GpuHandle>>(List<GpuHandle> found))) {
      out.accept(List.of(Lines.line(Lines.SILENT, gpus.why()), Lines.END));
      return;
    }
    NvmlMain main = new NvmlMain(loaded.get(), asker, found);
    main.gpus.forEach(gpu -> GpuReader.read(asker, main.fields, gpu)); // the first takes longest
    out.accept(List.of(Lines.line(Lines.READY), Lines.END));
    String question = questions.take();
    while (!question.equals(Lines.END)) {
      List<String> lines = new ArrayList<>(main.answer(Lines.words(question)));
      lines.add(Lines.END);
      out.accept(lines);
      question = questions.take();
    }
    asker.done("nvmlShutdown");
  }

  private List<String> answer(List<String> question) {
    Order order = Order.of(question.getFirst());
    if (order == Order.READ) {
      return read();
    }
    List<Integer> numbers = question.stream().skip(2).map(Integer::parseInt).toList();
    return List.of(
        Lines.of(
            gpus.stream()
                .filter(gpu -> gpu.id().equals(question.get(1)))
                .flatMap(gpu -> gpu.device().stream())
                .findFirst()
                .map(device -> order.give(new GpuOrders(asker, device), numbers))
                .orElse(new Outcome.Refused<>(6, NvmlCode.words(6)))));
  }

  private List<String> read() {
    Map<String, List<Long>> xids = events.drain();
    List<String> lines = new ArrayList<>();
    for (GpuHandle gpu : gpus) {
      DeviceReading reading = GpuReader.read(asker, fields, gpu);
      Map<Metric, Measured> values = new EnumMap<>(reading.values());
      String deaf = events.deafTo(gpu);
      values.put(Metric.XID_COUNT, deaf.isEmpty() ? Measured.now(0) : Measured.missing(deaf));
      lines.addAll(
          Lines.of(new Lines.Gpu(reading.with(values), xids.getOrDefault(gpu.id(), List.of()))));
    }
    return lines;
  }
}
