package io.solebox.backend.cuda;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.backend.StepProfile.Phase;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.backend.Yardstick.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The fake GPU as {@code --device emulated}, for rehearsals of whole programs: it takes the system
 * properties of a real one. What it takes minutes or hours for is made up: its yardsticks, and
 * where the time of a step goes.
 */
public final class EmulatedProvider implements BackendProvider {
  private static final List<Yardstick> YARDSTICKS =
      List.of(
          yardstick(Kind.READ_BANDWIDTH, 1e6),
          yardstick(Kind.LINK_BANDWIDTH, 1e9),
          yardstick(Kind.MATRIX_FLOPS, 1e8),
          yardstick(Kind.KERNEL_NODE, 1.5),
          yardstick(Kind.EARLY_KERNEL_NODE, 0.9),
          yardstick(Kind.COPY_NODE, 2.5),
          yardstick(Kind.PREFETCH, 64),
          yardstick(Kind.SLEEPING_WAIT, 70),
          yardstick(Kind.LOOKING_WAIT, 15));

  private static final StepProfile PROFILE =
      new StepProfile(
          100_000,
          List.of(
              new Phase("norm", 5, 0, 900, OptionalDouble.of(1000)),
              new Phase("ffn_gate_up Q4_K", 2, 10_000, 20_000, OptionalDouble.of(21_000)),
              new Phase("attention", 2, 2_000, 9_000, OptionalDouble.empty())),
          Optional.of(new StepProfile.Host(20, 10, 100_000, 30)));

  /** How many GPUs there are; one unless it says otherwise. */
  private static final String GPUS = "solebox.emulated.gpus";

  private final FakeDriver driver =
      new FakeDriver(
          Stream.generate(FakeGpu::ampere)
              .limit(Integer.getInteger(GPUS, 1))
              .toArray(FakeGpu[]::new));
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
  public Sizing sizing(Options options) {
    return provider.sizing(options);
  }

  @Override
  public Backend open(Device device, Options options) {
    return instead(
        Backend.class,
        provider.open(device, options),
        Map.of("yardsticks", _ -> YARDSTICKS, "prepare", EmulatedProvider::withoutProfile));
  }

  private static Object withoutProfile(Object plan) {
    return instead(Plan.class, (Plan) plan, Map.of("profile", _ -> Optional.of(PROFILE)));
  }

  /** The same object but for methods whose results are replaced. */
  private static <T> T instead(
      Class<T> type, T object, Map<String, UnaryOperator<Object>> results) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              UnaryOperator<Object> replace = results.get(method.getName());
              if (object instanceof Plan && replace != null) {
                return replace.apply(null); // or else it would be measured first
              }
              Object result = invoke(object, method, arguments);
              return replace == null ? result : replace.apply(result);
            }));
  }

  private static Object invoke(Object object, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(object, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
