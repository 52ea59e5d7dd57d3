import { z } from 'zod'

/** The file beside the window's own page, written when it is built, with every package that is part of it. */
export const LICENCES_FILE = 'licences.json'

/** A package Keelson is built from: its licence by name (SPDX where it says so) and in full. */
export const LicenceSchema = z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() })
export type Licence = z.infer<typeof LicenceSchema>

export const LicencesSchema = z.object({ packages: z.array(LicenceSchema) })
