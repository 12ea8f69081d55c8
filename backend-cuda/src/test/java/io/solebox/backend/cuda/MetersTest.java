package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.driver.CudaDriver;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DriverProbe;
import io.solebox.backend.cuda.driver.Patience;
import io.solebox.backend.cuda.driver.Target;
import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.testkit.ReferenceModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The yardsticks run and give numbers; on a fake they say nothing of speed. */
class MetersTest {
  private static final long MIB = 1 << 20;

  @TempDir Path scratch;

  @Test
  void theLinkIsMeasuredWhereThereIsRoom() {
    try (var driver = new FakeDriver(FakeGpu.ampere().withMemory(64 * MIB));
        Backend backend = FakeProviders.open(driver)) {
      assertTrue(link(backend).orElseThrow() > 0);
    }
    try (var driver = new FakeDriver(FakeGpu.ampere().withMemory(24 * MIB));
        Backend backend = FakeProviders.open(driver)) {
      assertTrue(link(backend).isEmpty());
    }
  }

  private static OptionalDouble link(Backend backend) {
    var measure =
        backend.yardsticks().stream()
            .filter(y -> y.kind() == Yardstick.Kind.LINK_BANDWIDTH)
            .map(Yardstick::measure);
    return measure.findFirst().orElseThrow().get();
  }

  static Stream<FakeGpu> generations() {
    return Stream.of(FakeGpu.volta(), FakeGpu.ampere()).map(gpu -> gpu.withMultiprocessors(2));
  }

  @ParameterizedTest
  @MethodSource("generations")
  void tensorCoresAreMeasured(FakeGpu kind) {
    try (var driver = new FakeDriver(kind)) {
      var info = DriverProbe.look(driver::lookup).usable().getFirst();
      try (var gpu = CudaThread.open(new CudaDriver(driver.lookup()), info, Patience.DEFAULT)) {
        var kernels = new Kernels(gpu, Switches.USUAL);
        double rate = gpu.call(() -> MatrixMeter.measure(gpu, kernels, 1));
        assertTrue(rate > 0 && Double.isFinite(rate), "rate " + rate);
        gpu.run(kernels::close);
      }
    }
  }

  @Test
  void aLoadSaysWhatItCompiledAndUploaded() {
    var reference = ReferenceModel.bundled("qwen3", scratch);
    try (var driver = new FakeDriver(FakeGpu.ampere());
        var file = ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED);
        Backend backend = FakeProviders.open(driver)) {
      LoadReport first = load(backend, file);
      assertTrue(first.compiledModules() > 5, first.toString());
      assertTrue(first.compileSeconds() > 0, first.toString());
      assertTrue(first.uploadedBytes() > 100_000, first.toString());
      assertTrue(first.uploadBytesPerSecond() > 0, first.toString());
      LoadReport second = load(backend, file);
      assertEquals(0, second.compiledModules(), "what is compiled already");
      assertEquals(first.uploadedBytes(), second.uploadedBytes());
    }
  }

  @Test
  void aWaitForTheCompilerIsExplained() {
    assertEquals(
        Optional.of("compiled 31 kernel modules for sm_90 in 4.2 s; the driver keeps them."),
        CudaPlan.compileNote(compiled(4.2), Target.SM_90));
    assertEquals(Optional.empty(), CudaPlan.compileNote(compiled(0.2), Target.SM_90));
  }

  private static LoadReport compiled(double seconds) {
    return new LoadReport(31, seconds, new LoadReport.Upload(1, 1, 0, 1));
  }

  private static LoadReport load(Backend backend, ModelFile file) {
    try (var plan = backend.prepare(file.graph(), PlanSteps.LIMITS, Progress.none())) {
      return plan.loadReport().orElseThrow();
    }
  }

  @Test
  void linuxSaysTheRest() throws IOException {
    var files = new SystemFiles(scratch);
    assertEquals(Optional.empty(), files.driverVersion());
    assertEquals(Optional.empty(), files.link("0000:0A:00.0"));
    write(
        "proc/driver/nvidia/version",
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build");
    write("sys/bus/pci/devices/0000:0a:00.0/max_link_speed", "32.0 GT/s PCIe\n");
    write("sys/bus/pci/devices/0000:0a:00.0/current_link_width", "16\n");
    assertEquals(Optional.of("580.95.05"), files.driverVersion());
    assertEquals(Optional.of("PCIe 32.0 GT/s x16"), files.link("0000:0A:00.0"));
  }

  private void write(String file, String text) throws IOException {
    Path path = scratch.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
