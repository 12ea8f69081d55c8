package io.solebox.backend.cuda.fake;

import java.lang.foreign.MemorySegment;

/** What devices of the fake driver have to do with each other. */
final class FakePeerApi {
  private final FakeDriver driver;

  FakePeerApi(FakeDriver driver) {
    this.driver = driver;
  }

  int cuDeviceCanAccessPeer(MemorySegment out, int device, int peer) {
    driver.device(device);
    driver.device(peer);
    Native.putInt(out, driver.reach().allows(device, peer) ? 1 : 0);
    return 0;
  }

  int cuCtxEnablePeerAccess(long context, int flags) {
    driver.reach().enable(driver.here().ordinal(), context);
    return flags == 0 ? 0 : FakeError.INVALID_VALUE;
  }

  int cuCtxDisablePeerAccess(long context) {
    driver.reach().disable(driver.here().ordinal(), context);
    return 0;
  }

  int cuMemcpyPeerAsync(
      long to, long toContext, long from, long fromContext, long bytes, long stream) {
    FakeReach reach = driver.reach();
    int target = reach.ordinalOf(toContext);
    int source = reach.ordinalOf(fromContext);
    FakeMemoryApi.requireHeld(driver.device(target), to, bytes);
    FakeMemoryApi.requireHeld(driver.device(source), from, bytes);
    driver
        .here()
        .get(stream, FakeStream.class)
        .add(() -> reach.copy(target, to, source, from, bytes));
    return 0;
  }

  /** Addresses are unified: a kernel finds memory of the host where the host does. */
  int cuMemHostGetDevicePointer_v2(MemorySegment out, long host, int flags) {
    FakeDevice here = driver.here();
    if (flags != 0 || driver.reach().at(here.ordinal(), host) == null) {
      throw new FakeError(FakeError.INVALID_VALUE, "not mapped for this device");
    }
    Native.putLong(out, host);
    return 0;
  }
}
