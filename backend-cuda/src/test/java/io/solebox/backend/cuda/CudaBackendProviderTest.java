package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.BackendProvider.Probe;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the probe says of machines without a usable GPU, and of those with one. */
class CudaBackendProviderTest {
  private static Probe.Unusable refused(FakeDriver fake) {
    return assertInstanceOf(Probe.Unusable.class, new CudaBackendProvider(fake::lookup).probe());
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  @Test
  void findsGpusAndDescribesThem() {
    try (var fake = new FakeDriver(FakeGpu.ampere(), FakeGpu.hopper())) {
      var probe =
          assertInstanceOf(Probe.Usable.class, new CudaBackendProvider(fake::lookup).probe());
      assertEquals(2, probe.devices().size());
      assertEquals(1, probe.devices().get(1).index());
      assertEquals(1L << 30, probe.devices().getFirst().memoryBytes());
      assertContains("compute capability 8.0, kernels for sm_80", probe.notes().get(0));
      assertContains("cuda:0 would be let into the memory of cuda:1", probe.notes().get(2));
      assertContains("compute capability 9.0, kernels for sm_90", probe.notes().get(3));
      assertContains("CUDA 12.4), at most 1500 MHz, memory at most 1000 MHz", probe.notes().get(1));
      assertEquals(0, fake.calls("cuDevicePrimaryCtxRetain"), "a probe claims nothing");
    }
  }

  @Test
  void saysWhenThereIsNoLibrary() {
    var probe =
        new CudaBackendProvider(
                () -> {
                  throw new SoleboxException(
                      ErrorCode.DEVICE_UNAVAILABLE, "", "no library", "install it");
                })
            .probe();
    assertEquals(new Probe.Unusable("no library", "install it"), probe);
  }

  @Test
  void saysWhenThereIsNoDevice() {
    try (var fake = new FakeDriver()) {
      Probe.Unusable probe = refused(fake);
      assertContains("cuInit failed: CUDA_ERROR_NO_DEVICE (100)", probe.reason());
      assertContains("CUDA_VISIBLE_DEVICES", probe.remedy());
    }
  }

  @Test
  void saysWhenTheDriverIsTooOld() {
    try (var fake = new FakeDriver(FakeGpu.ampere().withCudaVersion(11_040))) {
      Probe.Unusable probe = refused(fake);
      assertContains("knows CUDA 11.4, the kernels for sm_80 need 11.8", probe.reason());
      assertContains("branch 520", probe.remedy());
    }
  }

  @Test
  void saysWhenTheDriverLacksAFunction() {
    try (var fake = new FakeDriver(FakeGpu.ampere())) {
      fake.remove("cuLaunchKernelEx");
      Probe.Unusable probe = refused(fake);
      assertContains("cuLaunchKernelEx", probe.reason());
      assertContains("branch 520", probe.remedy());
    }
  }

  @Test
  void saysWhenTheCardIsTooOld() {
    try (var fake = new FakeDriver(FakeGpu.volta().withComputeCapability(61))) {
      Probe.Unusable probe = refused(fake);
      assertContains("compute capability 6.1; the kernels need 7.0", probe.reason());
      assertContains("--device cpu", probe.remedy());
    }
  }

  @Test
  void usesTheGoodCardBesideAnOldOne() {
    try (var fake = new FakeDriver(FakeGpu.volta().withComputeCapability(61), FakeGpu.volta())) {
      var probe =
          assertInstanceOf(Probe.Usable.class, new CudaBackendProvider(fake::lookup).probe());
      assertEquals(1, probe.devices().getFirst().index());
      assertContains("not used: cuda:0", probe.notes().get(2));
    }
  }

  @Test
  void usesCardsOfWhichTheDriverSaysNothingAboutPeers() {
    try (var fake = new FakeDriver(FakeGpu.volta(), FakeGpu.volta())) {
      fake.failNext("cuDeviceCanAccessPeer", 999);
      var probe =
          assertInstanceOf(Probe.Usable.class, new CudaBackendProvider(fake::lookup).probe());
      assertEquals(2, probe.devices().size());
      assertContains("cuda:0: the driver does not say", String.join("\n", probe.notes()));
      assertContains("cuda:1 would be let into", String.join("\n", probe.notes()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "803, restart the machine",
    "802, nvidia-fabricmanager",
    "999, nvidia-modprobe",
    "34, LD_LIBRARY_PATH",
    "46, nvidia-smi -c 0",
  })
  void saysWhatToDoAboutEachRefusal(int code, String remedy) {
    try (var fake = new FakeDriver(FakeGpu.ampere())) {
      fake.failNext("cuInit", code);
      Probe.Unusable probe = refused(fake);
      assertContains("(" + code + ")", probe.reason());
      assertContains(remedy, probe.remedy());
    }
  }
}
