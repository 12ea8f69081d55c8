package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaDriver;
import io.solebox.backend.cuda.driver.DriverProbe;
import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.backend.Teaming;
import java.util.List;

/**
 * Fake GPUs as engines find them: {@code --device volta} and {@code --device ampere}, and four at
 * once as {@code --device amperes:all}.
 */
public final class FakeProviders {
  private static final FakeDriver VOLTA = new FakeDriver(FakeGpu.volta());
  private static final FakeDriver AMPERE = new FakeDriver(FakeGpu.ampere());
  private static final FakeDriver AMPERES = behindTwoSwitches();

  private FakeProviders() {}

  /** Four cards, of which those behind one switch reach each other and no others. */
  private static FakeDriver behindTwoSwitches() {
    var driver =
        new FakeDriver(FakeGpu.ampere(), FakeGpu.ampere(), FakeGpu.ampere(), FakeGpu.ampere());
    for (int near : List.of(0, 1)) {
      for (int far : List.of(2, 3)) {
        driver.bar(near, far);
        driver.bar(far, near);
      }
    }
    return driver;
  }

  /** The kernels for sm_70. */
  public static final class Volta extends Fake {
    public Volta() {
      super("volta", VOLTA);
    }
  }

  /** The kernels for sm_80. */
  public static final class Ampere extends Fake {
    public Ampere() {
      super("ampere", AMPERE);
    }
  }

  /** Several of them. */
  public static final class Amperes extends Fake {
    public Amperes() {
      super("amperes", AMPERES);
    }
  }

  private abstract static class Fake implements BackendProvider {
    private final String name;
    private final BackendProvider provider;

    Fake(String name, FakeDriver driver) {
      this.name = name;
      this.provider = new CudaBackendProvider(driver::lookup, FakeProviders::property);
    }

    @Override
    public String name() {
      return name;
    }

    /** Never chosen unasked. */
    @Override
    public Probe probe() {
      return switch (provider.probe()) {
        case Probe.Usable u -> new Probe.Usable(-1, u.devices(), u.notes());
        case Probe.Unusable u -> u;
      };
    }

    @Override
    public Sizing sizing(Options options) {
      return provider.sizing(options);
    }

    @Override
    public Backend open(Device device, Options options) {
      return provider.open(device, options);
    }

    @Override
    public Teaming team(List<Backend> members) {
      return provider.team(members);
    }
  }

  static Backend open(FakeDriver driver) {
    return open(driver, Switches.of(FakeProviders::property));
  }

  /** Here the device works while somebody waits for it and else never, so sleep is wasted. */
  private static String property(String name) {
    return name.equals("solebox.cuda.spin") ? "0" : null;
  }

  static Backend open(FakeDriver driver, Switches switches) {
    return open(driver, 0, switches);
  }

  /** One of several. */
  static Backend open(FakeDriver driver, int ordinal) {
    return open(driver, ordinal, Switches.of(FakeProviders::property));
  }

  private static Backend open(FakeDriver driver, int ordinal, Switches switches) {
    DriverProbe.Found found = DriverProbe.look(driver::lookup);
    return new CudaBackend(new CudaDriver(driver.lookup()), found.usable().get(ordinal), switches);
  }

  static Backend openVolta() {
    return open(VOLTA);
  }

  static Backend openAmpere() {
    return open(AMPERE);
  }
}
