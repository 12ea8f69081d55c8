package io.solebox.backend.cuda.fake;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A PTX file loaded onto a device: its variables have addresses, its kernels are translated. */
record PtxModule(PtxFile file, Map<String, Program> programs) {
  /** Files without variables are the same on every device; tests load them over and over. */
  private static final Map<String, PtxModule> SEEN = new ConcurrentHashMap<>();

  /**
   * @throws PtxException where the file cannot be read
   */
  static PtxModule load(String ptx, DeviceHeap heap) {
    PtxModule seen = SEEN.get(ptx);
    if (seen != null) {
      return new PtxModule(seen.file, seen.programs);
    }
    PtxFile file = PtxParser.parse(ptx);
    var module = new PtxModule(file, translate(file, place(file, heap)));
    if (file.globals().isEmpty()) {
      SEEN.put(ptx, module);
    }
    return module;
  }

  private static Map<String, Long> place(PtxFile file, DeviceHeap heap) {
    var addresses = new HashMap<String, Long>();
    for (PtxFile.Variable v : file.globals()) {
      long address = heap.allocate(v.bytes());
      byte[] data = heap.holding(address, v.bytes()).data();
      Arrays.fill(data, (byte) 0);
      System.arraycopy(v.data(), 0, data, 0, v.data().length);
      addresses.put(v.name(), address);
    }
    return addresses;
  }

  private static Map<String, Program> translate(PtxFile file, Map<String, Long> globals) {
    var programs = new LinkedHashMap<String, Program>();
    for (PtxFile.KernelSource kernel : file.kernels()) {
      programs.put(kernel.name(), Translator.translate(kernel, globals));
    }
    return programs;
  }
}
