package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.memory.MemoryUse;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.testkit.ReferenceModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan does when the device does not do what it should, and what a step costs in calls. */
class CudaFailuresTest {
  private static final int OUT_OF_MEMORY = 2;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int[] ONE = {0};

  @TempDir Path scratch;
  private Path model;
  private ModelFile file;
  private Graph graph;

  @BeforeEach
  void open() {
    var reference = ReferenceModel.bundled("qwen3", scratch);
    model = reference.gguf();
    file = ModelFile.open(model, ModelSource.Access.MAPPED);
    graph = file.graph();
  }

  @AfterEach
  void close() {
    file.close();
  }

  private static SoleboxException refused(Runnable action) {
    return assertThrows(SoleboxException.class, action::run);
  }

  @Test
  void everythingIsGivenBack() {
    try (var driver = new FakeDriver(FakeGpu.ampere())) {
      try (Backend backend = FakeProviders.open(driver);
          var steps = new PlanSteps(backend, graph)) {
        steps.logits(ONE, 0, 20);
        steps.logits(ONE, 20, 1);
      }
      assertEquals(List.of(), driver.leaks());
      assertEquals(List.of(), driver.faults());
    }
  }

  @Test
  void aDecodeStepIsOneGraphAndOneCopyOfTheTablesThatChanged() {
    try (var driver = new FakeDriver(FakeGpu.ampere());
        Backend backend = FakeProviders.open(driver);
        var steps = new PlanSteps(backend, graph)) {
      for (int p = 0; p < 4; p++) {
        steps.greedy(0, p);
      }
      int launches = driver.calls("cuLaunchKernel");
      int copies = driver.calls("cuMemcpyHtoDAsync_v2");
      int graphs = driver.calls("cuGraphLaunch");
      int waits = driver.calls("cuStreamSynchronize");
      for (int p = 4; p < 32; p++) {
        steps.greedy(0, p);
      }
      assertEquals(launches, driver.calls("cuLaunchKernel"));
      assertEquals(graphs + 28, driver.calls("cuGraphLaunch"));
      assertEquals(waits + 28, driver.calls("cuStreamSynchronize"));
      assertEquals(copies, driver.calls("cuMemcpyHtoDAsync_v2"), "the graph has its own");
      steps.greedy(0, 32);
      assertEquals(copies + 1, driver.calls("cuMemcpyHtoDAsync_v2"), "a new block");
    }
  }

  /**
   * An illegal address; a fault that Hopper contains; one of NVLink; a context that somebody else
   * has ended; a leak of tensor memory; another device's fault; one that the driver knows no name
   * for.
   */
  @ParameterizedTest
  @ValueSource(ints = {ILLEGAL_ADDRESS, 226, 220, 709, 721, 911, 999})
  void aLostDeviceComesBack(int code) {
    try (var driver = new FakeDriver(FakeGpu.ampere());
        Backend backend = FakeProviders.open(driver);
        var steps = new PlanSteps(backend, graph)) {
      float[][] expected = steps.logits(ONE, 0, 1);
      driver.failNext("cuStreamSynchronize", code);
      var error = refused(() -> steps.logits(ONE, 1, 1));
      assertEquals(ErrorCode.DEVICE_UNAVAILABLE, error.code());
      assertTrue(error.getMessage().contains("(" + code + ")"), error.getMessage());
      assertArrayEquals(expected[0], steps.logits(ONE, 0, 1)[0]);
      assertEquals(List.of(), driver.faults());
    }
  }

  @Test
  void theOtherModelsHearOfALossOnce() {
    try (var driver = new FakeDriver(FakeGpu.ampere());
        Backend backend = FakeProviders.open(driver);
        var one = new PlanSteps(backend, graph);
        var other = new PlanSteps(backend, graph)) {
      float[][] expected = other.logits(ONE, 0, 1);
      driver.failNext("cuStreamSynchronize", ILLEGAL_ADDRESS);
      refused(() -> one.logits(ONE, 0, 1));
      one.logits(ONE, 0, 1);
      var error = refused(() -> other.logits(ONE, 1, 1));
      assertEquals(ErrorCode.DEVICE_UNAVAILABLE, error.code());
      assertArrayEquals(expected[0], other.logits(ONE, 0, 1)[0]);
    }
  }

  @Test
  void tooLittleMemoryIsRefusedWithNumbersBeforeAnythingIsLoaded() {
    var options = LoadOptions.defaults().withContext(PlanSteps.CONTEXT);
    MemoryUse least;
    try (var driver = new FakeDriver(FakeGpu.ampere());
        Engine engine = engine(driver)) {
      LoadEstimate estimate = engine.estimate(model, options);
      assertTrue(estimate.fits());
      least = estimate.devices().getFirst().least();
    }
    var small = FakeGpu.ampere().withMemory((256L << 20) + least.total() - 1);
    try (var driver = new FakeDriver(small);
        Engine engine = engine(driver)) {
      long before = driver.usedBytes();
      assertFalse(engine.estimate(model, options).fits());
      var error = refused(() -> engine.load(model, options, Progress.none()));
      assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
      String longest = error.remedy().replaceFirst("(?s).*--context (\\d+) .*", "$1");
      int context = Integer.parseInt(longest);
      assertTrue(engine.estimate(model, options.withContext(context)).fits());
      assertFalse(engine.estimate(model, options.withContext(context + 1)).fits());
      assertTrue(error.remedy().contains("--gpu-layers "), error.remedy());
      assertEquals(before, driver.usedBytes());
    }
  }

  private static Engine engine(FakeDriver driver) {
    var memory = new MemoryLedger("cuda", Long.MAX_VALUE);
    var device = new OpenDevice("cuda", FakeProviders.open(driver), memory);
    return Engine.of("a GPU", List.of(device), (graph, _) -> Placement.whole(graph, device));
  }

  @Test
  void anAllocationThatFailsLeavesNothingBehind() {
    try (var driver = new FakeDriver(FakeGpu.ampere())) {
      try (Backend backend = FakeProviders.open(driver)) {
        driver.failAfter("cuMemAlloc_v2", 3, OUT_OF_MEMORY);
        var error = refused(() -> new PlanSteps(backend, graph));
        assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
        driver.failAfter("cuMemHostAlloc", 5, OUT_OF_MEMORY);
        error = refused(() -> new PlanSteps(backend, graph));
        assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
        try (var steps = new PlanSteps(backend, graph)) {
          steps.logits(ONE, 0, 1);
        }
      }
      assertEquals(List.of(), driver.leaks());
    }
  }

  @Test
  void memoryThatRunsOutInAStepFailsThatStepAlone() {
    try (var driver = new FakeDriver(FakeGpu.ampere());
        Backend backend = FakeProviders.open(driver);
        var steps = new PlanSteps(backend, graph)) {
      driver.failNext("cuGraphInstantiateWithFlags", OUT_OF_MEMORY);
      var error = refused(() -> steps.logits(ONE, 0, 1));
      assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
      assertEquals(1, steps.logits(ONE, 0, 1).length);
    }
  }

  @Test
  void theCompilersWordsReachThePerson() {
    try (var driver = new FakeDriver(FakeGpu.ampere());
        Backend backend = FakeProviders.open(driver)) {
      driver.refusePtx("ptxas fatal: something is wrong on line 7");
      var error = refused(() -> backend.prepare(graph, PlanSteps.LIMITS, Progress.none()));
      assertEquals(ErrorCode.DEVICE_UNAVAILABLE, error.code());
      assertTrue(error.getMessage().contains("wrong on line 7"), error.getMessage());
      assertNotNull(KernelFiles.class.getResource("ptx/" + error.place()), error.place());
    }
  }

  /** ARM64 machines have these. */
  @ParameterizedTest
  @ValueSource(ints = {4 << 10, 16 << 10, 64 << 10})
  void pagesOfTheHostMayHaveAnySize(int page) {
    try (var driver = new FakeDriver(FakeGpu.hopper().withPage(page));
        Backend backend = FakeProviders.open(driver);
        var steps = new PlanSteps(backend, graph)) {
      int[] all = IntStream.range(0, PlanSteps.SEQUENCES).toArray();
      assertEquals(PlanSteps.SEQUENCES, steps.logits(all, 0, 1).length);
      assertEquals(List.of(), driver.faults());
    }
  }
}
