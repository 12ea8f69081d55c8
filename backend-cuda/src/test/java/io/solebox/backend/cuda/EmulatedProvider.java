package io.solebox.backend.cuda;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.backend.Yardstick.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The fake GPU as {@code --device emulated}, for rehearsals of whole programs: it takes the system
 * properties of a real one, and its yardsticks, which an emulator would take hours for, are made
 * up.
 */
public final class EmulatedProvider implements BackendProvider {
  private static final List<Yardstick> YARDSTICKS =
      List.of(
          yardstick(Kind.READ_BANDWIDTH, 1e6),
          yardstick(Kind.LINK_BANDWIDTH, 1e9),
          yardstick(Kind.MATRIX_FLOPS, 1e8));

  private final FakeDriver driver = new FakeDriver(FakeGpu.ampere());
  private final BackendProvider provider =
      new CudaBackendProvider(driver::lookup, EmulatedProvider::property);

  private static Yardstick yardstick(Kind kind, double value) {
    return new Yardstick(kind, () -> OptionalDouble.of(value));
  }

  /**
   * The fake works while somebody waits for it and else never, so looking for its end is wasted.
   */
  private static String property(String name) {
    return name.equals("solebox.cuda.spin") ? "0" : System.getProperty(name);
  }

  @Override
  public String name() {
    return "emulated";
  }

  @Override
  public Probe probe() {
    return provider.probe();
  }

  @Override
  public Backend open(Device device, Options options) {
    Backend backend = provider.open(device, options);
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, method, arguments) ->
                method.getName().equals("yardsticks")
                    ? YARDSTICKS
                    : invoke(backend, method, arguments));
  }

  private static Object invoke(Backend backend, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(backend, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
