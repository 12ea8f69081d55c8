package io.solebox.hardware.doctor;

/**
 * What a finding rests on.
 *
 * @param file as in {@code dmesg.txt} or {@code sys/bus/pci/devices/0000:01:00.0/resource}
 * @param line from 1; 0 of a file that is one value or no text
 * @param text what stands there
 */
public record Evidence(String file, int line, String text) {}
