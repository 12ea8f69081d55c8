package io.solebox.app.update.slot;

import io.solebox.app.update.file.Architecture;
import io.solebox.app.update.file.UpdateMaker;
import io.solebox.engine.backend.Progress;
import io.solebox.store.sign.KeyFolder;
import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.SigningKey;
import io.solebox.store.sign.TrustFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * A folder that looks like a machine from the image: its partitions are files, and version 1.0.0
 * runs from slot A. Systems are made-up bytes that begin with their version; their kernels name the
 * system that they start, as a file system's UUID does.
 */
public final class FakeMachine {
  public static final int SLOT_BYTES = 64 << 10;
  private static final int ROOT_BYTES = 50_000;
  private static final int KERNEL_BYTES = 9_000;

  private final Path root;
  private final Path outside;
  private final SigningKey key;

  /**
   * @param folder empty
   */
  public FakeMachine(Path folder) throws IOException {
    this.root = folder.resolve("machine");
    this.outside = folder.resolve("outside");
    Files.createDirectories(outside);
    key = new KeyFolder(outside).make(KeyName.parse("release"));
    Path partitions = root.resolve("dev/disk/by-partlabel");
    Files.createDirectories(partitions);
    Files.write(partitions.resolve("solebox-root-a"), Arrays.copyOf(system("1.0.0"), SLOT_BYTES));
    Files.write(partitions.resolve("solebox-root-b"), new byte[SLOT_BYTES]);
    Files.createDirectories(kernels());
    Files.write(kernels().resolve("solebox-a.efi"), kernel("1.0.0", ""));
    new TrustFolder(root.resolve("etc/solebox")).add(KeyName.parse("release"), key.verifyKey());
    runFrom(SlotName.A);
  }

  /** As after a start. */
  public void runFrom(SlotName slot) throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(
        root.resolve("proc/self/mountinfo"),
        """
        22 1 0:30 / / ro - overlay overlay rw
        23 22 8:%d / /run/root ro,relatime - ext4 /dev/sda2 ro
        24 22 8:9 / /var/lib/solebox rw shared:1 - ext4 /dev/sda9 rw
        """
            .formatted(2 + slot.ordinal()));
    for (SlotName each : SlotName.values()) {
      Path device = root.resolve("sys/dev/block/8:" + (2 + each.ordinal()));
      Files.createDirectories(device);
      Files.writeString(
          device.resolve("uevent"), "MAJOR=8\nPARTNAME=" + each.partitionLabel() + "\n");
    }
  }

  public Machine machine(SlotDisk disk) {
    return new Machine(root, Optional.of(Architecture.X64), disk);
  }

  Path kernels() {
    return root.resolve("efi/EFI/Linux");
  }

  Path partition(SlotName slot) {
    return root.resolve("dev/disk/by-partlabel").resolve(slot.partitionLabel());
  }

  /** Of nobody's data folder, but with the key that the machine trusts. */
  public Path outside() {
    return outside;
  }

  SigningKey key() {
    return key;
  }

  /** An update that the machine takes. */
  public Path update(String version) throws IOException {
    return update(version, Architecture.X64, key, ROOT_BYTES);
  }

  Path update(String version, Architecture architecture, SigningKey by, int rootBytes)
      throws IOException {
    Path out = Files.createTempFile(outside, version, ".update");
    Files.delete(out);
    var order =
        new UpdateMaker.Order(
            version,
            architecture,
            Instant.EPOCH,
            file("root", Arrays.copyOf(system(version), rootBytes)),
            file("kernel", kernel(version, "")));
    UpdateMaker.make(order, by, out, Progress.none());
    return out;
  }

  /** A file with these bytes, outside of the machine. */
  public Path file(String name, byte[] bytes) throws IOException {
    return Files.write(outside.resolve(name), bytes);
  }

  public static byte[] system(String version) {
    byte[] bytes = new byte[ROOT_BYTES];
    new Random(version.hashCode()).nextBytes(bytes);
    byte[] name = name(version);
    System.arraycopy(name, 0, bytes, 0, name.length);
    return bytes;
  }

  /**
   * A kernel image with little in it.
   *
   * @param osrelease further lines of what it says of its system
   */
  public static byte[] kernel(String version, String osrelease) {
    byte[] about = ("ID=solebox\n" + osrelease).getBytes(StandardCharsets.UTF_8);
    ByteBuffer image = ByteBuffer.allocate(KERNEL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    image.putShort(0, (short) ('M' | 'Z' << 8)).putInt(0x3c, 64);
    image.putInt(64, 'P' | 'E' << 8).putShort(70, (short) 1).putShort(84, (short) 0);
    image.put(88, ".osrel\0\0".getBytes(StandardCharsets.US_ASCII));
    image.putInt(96, about.length).putInt(104, about.length).putInt(108, 512);
    image.put(512, about);
    image.put(1024, name(version));
    return image.array();
  }

  private static byte[] name(String version) {
    return Arrays.copyOf(("system " + version).getBytes(StandardCharsets.UTF_8), 64);
  }
}
