/* The compiled catalogue as read-only data of the program. */
        .section .rodata
        .balign 16
        .globl sovrisk_catalogue_begin
        .globl sovrisk_catalogue_end
sovrisk_catalogue_begin:
        .incbin SOVRISK_BLOB
sovrisk_catalogue_end:
        .byte 0
        .section .note.GNU-stack,"",%progbits
