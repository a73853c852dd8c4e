/* The compiled catalogue and the templates as read-only data of the program. */
        .section .rodata
        .balign 16
        .globl sovrisk_catalogue_begin
        .globl sovrisk_catalogue_end
sovrisk_catalogue_begin:
        .incbin SOVRISK_BLOB
sovrisk_catalogue_end:
        .byte 0
        .globl sovrisk_dossier_html_begin
        .globl sovrisk_dossier_html_end
sovrisk_dossier_html_begin:
        .incbin SOVRISK_DOSSIER_HTML
sovrisk_dossier_html_end:
        .byte 0
        .globl sovrisk_dossier_md_begin
        .globl sovrisk_dossier_md_end
sovrisk_dossier_md_begin:
        .incbin SOVRISK_DOSSIER_MD
sovrisk_dossier_md_end:
        .byte 0
        .section .note.GNU-stack,"",%progbits
