package io.solebox.backend.cuda.fake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.solebox.backend.cuda.fake.PtxFile.Parameter;
import java.lang.foreign.MemorySegment;

/** Modules and launches of the fake driver. */
final class FakeModuleApi {
  private static final int DEFAULT_SHARED_BYTES = 48 << 10;
  private static final int LARGEST_GRID_YZ = 65_535;
  private static final long LONGEST_PTX = 1L << 28;
  private static final int EARLY_LAUNCH = 6;
  private static final int CONFIG_STREAM = 4;
  private static final int CONFIG_ATTRIBUTES = 5;
  private static final int CONFIG_COUNT = 12;

  private final FakeDriver driver;

  FakeModuleApi(FakeDriver driver) {
    this.driver = driver;
  }

  /** A kernel of a module, and what it was allowed. */
  private static final class Function {
    private final Program program;
    private int sharedBytes = DEFAULT_SHARED_BYTES;

    Function(Program program) {
      this.program = program;
    }
  }

  int cuModuleLoadDataEx(
      MemorySegment out,
      MemorySegment image,
      int count,
      MemorySegment options,
      MemorySegment values) {
    String text = image.reinterpret(LONGEST_PTX).getString(0);
    boolean compiled = text.startsWith(FakeDriver.MACHINE_CODE);
    String log = compiled ? "" : driver.jitRefusal();
    int code = log.isEmpty() ? 0 : FakeError.INVALID_PTX;
    if (code == 0) {
      try {
        FakeDevice device = driver.here();
        var module = PtxModule.load(compiled ? text.substring(4) : text, device.heap());
        code = refusal(module.file(), device.gpu);
        log = "ptxas: .version or .target does not suit " + device.gpu.name();
        if (code == 0) {
          Native.putLong(out, device.put(module));
          return 0;
        }
      } catch (PtxException e) {
        code = FakeError.INVALID_PTX;
        log = "ptxas: " + e.getMessage();
      }
    }
    writeLog(log, count, options, values);
    throw new FakeError(code, log);
  }

  private static int refusal(PtxFile file, FakeGpu gpu) {
    if (file.version() > gpu.ptxVersion()) {
      return FakeError.UNSUPPORTED_PTX_VERSION;
    }
    String number = file.target().replaceAll("\\D", "");
    int target = Integer.parseInt(number);
    boolean exact = file.target().endsWith("a");
    boolean suits = exact ? target == gpu.computeCapability() : target <= gpu.computeCapability();
    return suits ? 0 : FakeError.NO_BINARY_FOR_GPU;
  }

  /** Option 5 is the buffer of the error log, 6 its size; values stand in 8 bytes each. */
  private static void writeLog(String log, int count, MemorySegment options, MemorySegment values) {
    long buffer = 0;
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      switch (Native.intAt(options, i)) {
        case 5 -> buffer = Native.longAt(values, i);
        case 6 -> bytes = Native.longAt(values, i) & 0xffffffffL;
        default -> {}
      }
    }
    if (buffer != 0) {
      Native.putText(MemorySegment.ofAddress(buffer), bytes, log);
    }
  }

  int cuModuleUnload(long module) {
    driver.here().remove(module, PtxModule.class);
    return 0;
  }

  int cuModuleGetFunction(MemorySegment out, long module, MemorySegment name) {
    String entry = Native.text(name);
    Program program = driver.here().get(module, PtxModule.class).programs().get(entry);
    if (program == null) {
      throw new FakeError(FakeError.NOT_FOUND, "no kernel " + entry);
    }
    Native.putLong(out, driver.here().put(new Function(program)));
    return 0;
  }

  int cuFuncSetAttribute(long function, int attribute, int value) {
    int most = FakeDeviceApi.sharedBytes(driver.here().gpu.computeCapability());
    if (attribute != 8 || value < 0 || value > most) {
      return FakeError.INVALID_VALUE;
    }
    driver.here().get(function, Function.class).sharedBytes = value;
    return 0;
  }

  int cuFuncGetAttribute(MemorySegment out, int attribute, long function) {
    Program program = driver.here().get(function, Function.class).program;
    Native.putInt(
        out,
        switch (attribute) {
          case 0 -> program.maxThreads();
          case 1 -> program.sharedBytes();
          case 3 -> 0;
          case 4 -> 64;
          default -> throw new FakeError(FakeError.INVALID_VALUE, "attribute " + attribute);
        });
    return 0;
  }

  int cuLaunchKernel(
      long function,
      int gridX,
      int gridY,
      int gridZ,
      int threadsX,
      int threadsY,
      int threadsZ,
      int sharedBytes,
      long stream,
      MemorySegment parameters,
      MemorySegment extra) {
    Function f = driver.here().get(function, Function.class);
    if (extra.address() != 0) {
      throw new FakeError(FakeError.INVALID_VALUE, "extra");
    }
    var launch =
        new Launch(
            f.program,
            gridX,
            gridY,
            gridZ,
            threadsX,
            threadsY,
            threadsZ,
            sharedBytes,
            copy(f.program, parameters));
    check(f, launch);
    FakeDevice device = driver.here();
    device
        .get(stream, FakeStream.class)
        .add(
            () -> {
              driver.noteRun(f.program.name());
              device.run(launch);
            });
    return 0;
  }

  /** The arguments are those of the moment of the launch. */
  private static byte[] copy(Program program, MemorySegment parameters) {
    byte[] block = new byte[program.parameterBytes()];
    for (int i = 0; i < program.parameters().size(); i++) {
      Parameter p = program.parameters().get(i);
      MemorySegment value =
          MemorySegment.ofAddress(Native.longAt(parameters, i)).reinterpret(p.bytes());
      MemorySegment.copy(value, JAVA_BYTE, 0, block, p.offset(), p.bytes());
    }
    return block;
  }

  private static void check(Function f, Launch launch) {
    boolean grid = launch.gridX() > 0 && launch.gridY() > 0 && launch.gridZ() > 0;
    boolean inside = launch.gridY() <= LARGEST_GRID_YZ && launch.gridZ() <= LARGEST_GRID_YZ;
    boolean threads = launch.threads() > 0 && launch.threads() <= f.program.maxThreads();
    int shared = f.program.sharedBytes() + launch.dynamicSharedBytes();
    if (!grid || !inside || !threads || launch.dynamicSharedBytes() < 0 || shared > f.sharedBytes) {
      throw new FakeError(
          FakeError.INVALID_VALUE,
          "launch of %s with grid %d x %d x %d, %d threads (at most %d), %d bytes of shared memory"
              .formatted(
                  f.program.name(),
                  launch.gridX(),
                  launch.gridY(),
                  launch.gridZ(),
                  launch.threads(),
                  f.program.maxThreads(),
                  shared));
    }
  }

  int cuLaunchKernelEx(
      MemorySegment config, long function, MemorySegment parameters, MemorySegment extra) {
    Program program = driver.here().get(function, Function.class).program;
    int count = Native.intAt(config, CONFIG_COUNT);
    for (int i = 0; i < count; i++) {
      MemorySegment attribute =
          MemorySegment.ofAddress(Native.longAt(config, CONFIG_ATTRIBUTES) + 72L * i);
      boolean early = Native.intAt(attribute, 0) == EARLY_LAUNCH && Native.intAt(attribute, 2) != 0;
      if (early && !program.awaitsInputs()) {
        throw new FakeError(
            FakeError.INVALID_VALUE,
            program.name() + " is launched early but has no griddepcontrol.wait");
      }
    }
    return cuLaunchKernel(
        function,
        Native.intAt(config, 0),
        Native.intAt(config, 1),
        Native.intAt(config, 2),
        Native.intAt(config, 3),
        Native.intAt(config, 4),
        Native.intAt(config, 5),
        Native.intAt(config, 6),
        Native.longAt(config, CONFIG_STREAM),
        parameters,
        extra);
  }
}
