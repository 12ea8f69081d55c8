package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.driver.Patience;
import io.solebox.backend.cuda.driver.Target;
import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.testkit.ReferenceModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the system properties change, and what they do not: the answers. */
class SwitchesTest {
  private static final String PTX = "src/main/resources/io/solebox/backend/cuda/ptx";
  private static final int[] ONE = {0};

  @TempDir Path scratch;
  private ModelFile file;
  private Graph graph;

  @BeforeEach
  void open() {
    file =
        ModelFile.open(ReferenceModel.bundled("qwen3", scratch).gguf(), ModelSource.Access.MAPPED);
    graph = file.graph();
  }

  @AfterEach
  void close() {
    file.close();
  }

  private static Switches of(String... namesAndValues) {
    var set = new HashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      set.put("solebox.cuda." + namesAndValues[i], namesAndValues[i + 1]);
    }
    return Switches.of(set::get);
  }

  private float[] logits(FakeDriver driver, Switches switches) {
    try (Backend backend = FakeProviders.open(driver, switches);
        var steps = new PlanSteps(backend, graph)) {
      steps.logits(ONE, 0, 3);
      float[] logits = steps.logits(ONE, 3, 1)[0];
      List<String> faults = driver.faults();
      assertEquals(List.of(), faults.stream().filter(f -> !f.contains("no compiler")).toList());
      return logits;
    }
  }

  private List<String> notes(FakeDriver driver, Switches switches) {
    try (Backend backend = FakeProviders.open(driver, switches);
        var plan = backend.prepare(graph, PlanSteps.LIMITS, Progress.none())) {
      return plan.notes();
    }
  }

  @Test
  void nothingSetIsAsUsual() {
    assertEquals(Switches.USUAL, of());
    assertEquals(List.of(), Switches.USUAL.notes());
  }

  @Test
  void eachThatIsSetIsSaid() {
    Switches switches = of("early", "false", "graphs", "false", "prefetch", "false", "spin", "0");
    assertEquals(Patience.NONE, switches.patience());
    assertEquals(4, switches.notes().size());
    assertEquals(Duration.ofNanos(50_000), of("spin", "50").patience().spin());
  }

  @ParameterizedTest
  @CsvSource({"early, no", "graphs, 1", "prefetch, ''", "spin, -1", "spin, long", "kernels, /none"})
  void whatItCannotBeIsRefused(String name, String value) {
    var error = assertThrows(SoleboxException.class, () -> of(name, value));
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    assertEquals("-Dsolebox.cuda." + name, error.place());
  }

  @Test
  void overlapAndGraphsAreLeftOutWithTheSameAnswer() {
    float[] usual;
    try (var driver = new FakeDriver(FakeGpu.hopper())) {
      usual = logits(driver, Switches.USUAL);
      assertTrue(driver.calls("cuLaunchKernelEx") > 0);
      assertTrue(driver.calls("cuGraphLaunch") > 0);
    }
    try (var driver = new FakeDriver(FakeGpu.hopper())) {
      Switches plain = of("early", "false", "graphs", "false", "prefetch", "false");
      assertArrayEquals(usual, logits(driver, plain));
      assertEquals(0, driver.calls("cuLaunchKernelEx"));
      assertEquals(0, driver.calls("cuGraphLaunch"));
      assertEquals(3, notes(driver, plain).size());
    }
  }

  @Test
  void prefetchIsTakenOutOfThePtx() {
    String usual = text(new KernelFiles(Target.SM_90, Switches.USUAL).ptx("linear_q4_k"));
    String without =
        text(new KernelFiles(Target.SM_90, of("prefetch", "false")).ptx("linear_q4_k"));
    assertTrue(usual.contains("prefetch.global.L2"));
    assertFalse(without.contains("prefetch"));
    long lines = usual.lines().filter(l -> l.contains("prefetch.global.L2")).count();
    assertEquals(usual.lines().count() - lines, without.lines().filter(l -> !l.isBlank()).count());
  }

  private static String text(KernelFiles.Image image) {
    return new String(image.bytes(), StandardCharsets.US_ASCII);
  }

  @Test
  void aFolderOfKernelsStandsInForTheBuiltInOnes() throws IOException {
    Path norm = Files.createDirectories(scratch.resolve("sm_90")).resolve("norm.ptx");
    String text = text(new KernelFiles(Target.SM_90, Switches.USUAL).ptx("norm"));
    Files.writeString(norm, text.replace("\0", ""));
    Switches switches = of("kernels", scratch.toString());
    try (var driver = new FakeDriver(FakeGpu.hopper())) {
      assertArrayEquals(logits(driver, Switches.USUAL), logits(driver, switches));
      assertEquals(List.of("module norm is that of " + norm + "."), notes(driver, switches));
    }
    Files.writeString(norm, "no kernels");
    try (var driver = new FakeDriver(FakeGpu.hopper())) {
      var error = assertThrows(SoleboxException.class, () -> notes(driver, switches));
      assertEquals(norm.toString(), error.place());
    }
  }

  @Test
  void cubinsAreTheSecondWayIn() throws IOException {
    Path folder = Files.createDirectories(scratch.resolve("sm_90"));
    var builtIn = new KernelFiles(Target.SM_90, Switches.USUAL);
    try (Stream<Path> built = Files.list(Path.of(PTX, "sm_70"))) {
      for (Path ptx : built.toList()) {
        String module = ptx.getFileName().toString().replace(".ptx", "");
        // What the fake driver takes for machine code.
        Files.writeString(
            folder.resolve(module + ".cubin"), FakeDriver.MACHINE_CODE + text(builtIn.ptx(module)));
      }
    }
    Switches switches = of("cubins", scratch.toString());
    try (var driver = new FakeDriver(FakeGpu.hopper())) {
      float[] usual = logits(driver, Switches.USUAL);
      driver.refusePtx("there is no compiler");
      assertArrayEquals(usual, logits(driver, switches));
      assertTrue(notes(driver, switches).toString().contains("cubins are used"));
      assertThrows(SoleboxException.class, () -> logits(driver, Switches.USUAL));
    }
    try (var driver = new FakeDriver(FakeGpu.hopper())) {
      // What was asked for and cannot be had is an error, also where there would be another way.
      Path wished = Files.createDirectories(scratch.resolve("wished"));
      Files.writeString(wished.resolve("norm.ptx"), "no kernels");
      Switches both = of("kernels", wished.toString(), "cubins", scratch.toString());
      var error = assertThrows(SoleboxException.class, () -> notes(driver, both));
      assertEquals(wished.resolve("norm.ptx").toString(), error.place());
    }
    try (var other = new FakeDriver(FakeGpu.hopper().withComputeCapability(100))) {
      other.refusePtx("there is no compiler");
      assertThrows(SoleboxException.class, () -> logits(other, switches), "not code for this GPU");
    }
  }
}
