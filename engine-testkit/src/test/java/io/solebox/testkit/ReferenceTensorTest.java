package io.solebox.testkit;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.TensorSplit;
import io.solebox.engine.memory.MemoryLedger;
import java.util.List;
import java.util.stream.IntStream;

/** Ranks as threads that meet in one memory. */
class ReferenceTensorTest extends TensorConformance {
  @Override
  protected Engine open(int devices) {
    List<OpenDevice> all =
        IntStream.range(0, devices)
            .mapToObj(i -> "it:" + i)
            .map(
                name ->
                    new OpenDevice(
                        name, Backends.open("reference", 1), new MemoryLedger(name, 1L << 32)))
            .toList();
    return Engine.of("", all, TensorSplit.of(all, Backends.provider("reference")::team));
  }
}
